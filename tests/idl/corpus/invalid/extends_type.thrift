# expect: error 3:19 unknown service `B`
struct B {}
service A extends B {}
