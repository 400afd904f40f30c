# expect: error 2:15 unexpected `;`
namespace rs a;
struct A {}
