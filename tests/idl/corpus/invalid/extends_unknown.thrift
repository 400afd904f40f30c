# expect: error 2:19 unknown service `B`
service A extends B {}
