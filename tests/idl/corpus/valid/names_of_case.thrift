// Names that are apart here, and together in the case that Rust gives them.

struct a_b { 1: i32 userID = 1, 2: optional string userId, 3: required bool user_id, 4: i32 type, 5: i32 Type }
struct AB { 1: a_b a, 2: AB_ A }
struct AB_ { 1: i32 a }
enum Colour { Red, RED, RED_, red = 7 }
const i32 FOO = 4
enum FOO { A = 1 }
enum BAR { A }
const string BAR = "bar"
const FOO foo = FOO.A
const Colour SECOND = Colour.RED
const a_b Made = {"userID": 3, "userId": "x", "user_id": true, "Type": 9}
union Either { 1: i32 one, 2: string One, 3: Either ONE }
union Nobody {}
const Either OTHER = {"One": "text"}
exception Gone { 1: string message, 2: string Message }
exception Late { 1: optional string Message, 2: optional string message }

service shop {
  i32 getX(1: i32 userID, 2: AB userId)
  i32 get_x(1: i32 cx, 2: i32 Cx) throws (1: Gone userID, 2: Late userId, 3: Gone success, 4: Gone Success)
  oneway void GetX()
}
service Shop extends shop { AB getX2(), Either GetX2() }
