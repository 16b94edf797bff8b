// Serves DynamoDB's API from memory on a free port of this machine, and prints the port.
const path = require('node:path')
const dynalite = require(path.resolve(__dirname, '../../.peers/node_modules/dynalite'))

const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
