include "fb303.thrift"

/** A service that has fb303's methods besides its own; the file that it includes is nowhere but in the library. */
service Shop extends fb303.FacebookService {
  i32 sell(1: string what)
  /** A type of the included file. */
  fb303.fb_status mood()
}
