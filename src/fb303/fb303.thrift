/**
 * What a server tells whoever runs it, as Facebook's and Apache's servers do: the interface of fb303, which every client and tool of
 * it speaks. A service has it by `extends fb303.FacebookService`.
 */
namespace cpp facebook.fb303
namespace java com.facebook.fb303
namespace rs fb303

/** How a server is. */
enum fb_status {
  DEAD = 0
  STARTING = 1
  ALIVE = 2
  STOPPING = 3
  STOPPED = 4
  /** It serves, and somebody should look at it. */
  WARNING = 5
}

service FacebookService {
  /** What the service is called. */
  string getName()

  /** Which version of it this is. */
  string getVersion()

  fb_status getStatus()

  /** Why it is not alive, or what is wrong: for a person. */
  string getStatusDetails()

  map<string, i64> getCounters()

  /** A counter that there is not is 0. */
  i64 getCounter(1: string key)

  void setOption(1: string key, 2: string value)

  /** An option that there is not is empty. */
  string getOption(1: string key)

  map<string, string> getOptions()

  /** Where the time went during so many seconds, in a form that both ends know. */
  string getCpuProfile(1: i32 profileDurationInSec)

  /** In seconds since 1970. */
  i64 aliveSince()

  /** It is to read its configuration anew. */
  oneway void reinitialize()

  /** It is to stop. */
  oneway void shutdown()
}
