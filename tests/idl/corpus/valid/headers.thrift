include "../shared/moods.thrift"
cpp_include "<map>"
namespace * a.b
namespace java x.y.z (key = "value")
namespace py.twisted q
namespace rs r
struct A { 1: moods.Mood mood }
