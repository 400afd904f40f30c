# expect: error 2:12 unexpected `;`
struct A {};
struct B {}
