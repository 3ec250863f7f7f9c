"""The contract's package, as protobuf names it."""
