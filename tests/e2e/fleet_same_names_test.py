"""Two services of one name in two regions: which is left out is said."""

from autoscaler import once
from fleet_world import HOME, Place, write_document

THERE = Place(region="us-east-1")


def pair(fleet):
    name = f"shop-{fleet.name}"
    return [
        fleet.add(fleet.add_cluster(at, name), messages=30, service="worker")
        for at in (HOME, THERE)
    ]


def test_services_of_one_name_are_discovered_in_two_regions(fleet, tmp_path):
    here, there = pair(fleet)
    for member in (here, there):
        member.tag_for_discovery()
    clusters = [here.cluster.name]
    document = fleet.defaults() | {
        "discover": [{"clusters": clusters}, {"clusters": clusters, "region": "us-east-1"}]
    }
    write_document(tmp_path / "fleet.json", document)
    outcome = once(fleet.environment(), "--config", str(tmp_path / "fleet.json"))
    said = here.cluster.name in outcome.stderr and "us-east-1" in outcome.stderr
    assert there.desired() == 5 or said, "left out without a word"
