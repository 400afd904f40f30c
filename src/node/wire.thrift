/**
 * What two nodes say to each other over their link besides the calls of their applications: framed, by the binary protocol, under the
 * multiplexed name `oneloop`. Any Thrift library can be a child.
 */
namespace rs node

/** The version of all this. */
const i32 VERSION = 1

/** Why a link was refused. */
enum RefusedCode {
  VERSION = 1
  NAME = 2
  PROOF = 3
  DUPLICATE = 4
  ADDRESS = 5
  MALFORMED = 6
}

/** The other end does not take the link. It is closed behind this. */
exception Refused {
  1: RefusedCode code
  2: string text
}

/** What a root says of itself. */
struct Welcome {
  1: i32 version
  /** The root's name. */
  2: string name
  /** 16 bytes. */
  3: binary instance
  4: i64 epoch
  /** 32 bytes that were never used before. */
  5: binary nonce
  /** HMAC-SHA256 over everything in both hellos but the field 8, labelled as the root's; empty without a secret. */
  6: binary proof
  /** After how much silence the child is to give a sign of life; 0: never. */
  7: i32 heartbeat_ms
  /** So many calls of the root's may be under way, besides those that are set aside; 0: it does not know what that is. Not proven: it says
    only how calls are counted. */
  8: i32 window
}

service Oneloop {
  /** From the child, the first frame of the link. */
  Welcome hello(
    1: i32 version
    /** The child's name. */
    2: string name
    /** 16 bytes that tell children of one name apart. */
    3: binary instance
    /** A number that grows from life to life of an instance. */
    4: i64 epoch
    /** 32 bytes that were never used before. */
    5: binary nonce
    /** After how much silence the root is to give a sign of life; 0: never, and the child gives none either. */
    6: i32 heartbeat_ms
    /** Its share of the calls, among children of one name. */
    7: i32 weight
  ) throws (1: Refused refused)

  /** From the child, the second frame: HMAC-SHA256 over the same, labelled as the child's. With the answer the link is up. */
  void proof(1: binary proof) throws (1: Refused refused)

  /** A sign of life, either way. */
  oneway void heartbeat()

  /** So many calls of this end's may be under way, besides those that are set aside. From the child, when the link is up, if the root has
    said the same of itself. Who has not said it is told of nothing that is set aside. */
  oneway void window(1: i32 calls)

  /** The call of this number waits for somebody who is slow: it counts no more among those under way, and whose command it is is not read
    until it is answered. */
  oneway void set_aside(1: i32 sequence)

  /** Nobody waits any more for the answer to the call of this number: it is answered with an exception, as soon as may be. */
  oneway void cancel(1: i32 sequence)
}
