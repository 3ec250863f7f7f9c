"""The contract's first version: tuning.proto, and what protoc makes of it."""
