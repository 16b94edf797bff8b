// usage: java -cp 'lib/*' Broker.java BROKER_NAME
//
// An ActiveMQ broker in memory, with its MBeans and no network: Jolokia is the JVM's agent. Obeys
// lines on stdin, and answers each with "done": `send COUNT QUEUE` puts messages there, and `hold
// COUNT QUEUE` takes some and never acknowledges them. Ends when stdin does.
import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;

public class Broker {
    public static void main(String[] arguments) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setBrokerName(arguments[0]);
        broker.setPersistent(false);
        broker.getManagementContext().setCreateConnector(false);
        broker.addConnector("vm://" + arguments[0]);
        broker.start();
        broker.waitUntilStarted();
        String url = "vm://" + arguments[0] + "?create=false";
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        System.out.println("started");
        for (String line; (line = lines.readLine()) != null; System.out.println("done")) {
            String[] words = line.split(" ", 3);
            int count = Integer.parseInt(words[1]);
            ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
            factory.getPrefetchPolicy().setQueuePrefetch(count);
            Connection connection = factory.createConnection();
            connection.start();
            Session session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
            if (words[0].equals("hold")) {
                MessageConsumer consumer = session.createConsumer(session.createQueue(words[2]));
                for (int held = 0; held < count; ++held) consumer.receive();
            } else {
                MessageProducer producer = session.createProducer(session.createQueue(words[2]));
                for (int sent = 0; sent < count; ++sent) {
                    producer.send(session.createTextMessage("message " + sent));
                }
                connection.close();
            }
        }
        broker.stop();
    }
}
