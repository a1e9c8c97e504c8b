"""The demo world: invented authorities, people, systems and endpoints to learn and test with."""
