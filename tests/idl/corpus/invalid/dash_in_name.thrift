# expect: error 2:9 unexpected character "-"
struct a-b {}
# expect: error 2:10 expected `{`, found `b`
