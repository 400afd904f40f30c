// The interface of scribe, a log collector of Facebook's: facebookarchive/scribe, if/scribe.thrift.
include "fb303.thrift"

namespace * scribe

enum ResultCode {
  OK,
  // Nothing is known to be kept: send the same again, later.
  TRY_LATER
}

// `string` in the original, of which neither scribe nor its clients ask that it be UTF-8. On the wire the two are the same.
struct LogEntry {
  1: binary category,
  2: binary message
}

service scribe extends fb303.FacebookService {
  ResultCode Log(1: list<LogEntry> messages);
}
