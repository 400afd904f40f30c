# expect: error 2:16 this text is no uuid
const uuid a = "0011"
