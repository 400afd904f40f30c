// Generated from empty.thrift by oneloop-idl. Changes will be lost.

