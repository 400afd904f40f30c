struct /* a */ A // b
{ # c
 1 /* d */ : /* e */ i32 # f
 a /* g */ = 5 // h
}
