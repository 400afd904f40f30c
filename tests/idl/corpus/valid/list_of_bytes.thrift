struct A { 1: list<byte> a, 2: list<i8> b }
