// What the Thrift bench reads and writes, and what its server serves.

/** Whether the messages were kept. */
enum ResultCode {
  OK = 0,
  TRY_LATER = 1
}

/** One line of a log. */
struct LogEntry {
  1: string category,
  2: string message
}

/** What a load generator calls. */
service PeerService {
  /** Gives the text back. */
  string echo(1: string s),

  /** Takes many lines at once. */
  ResultCode Log(1: list<LogEntry> messages)
}
