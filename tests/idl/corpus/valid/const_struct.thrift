struct Point { 1: i32 x = 1, 2: i32 y }
struct Line { 1: Point from, 2: Point to, 3: string name }
const Point ORIGIN = {"x": 0, "y": 0}
const Line L = {"from": ORIGIN, "to": {"x": 5}, 'name': "l"}
union U { 1: i32 a, 2: Point p }
const U u = {"p": {"y": 3}}
exception E { 1: string why }
const E e = {"why": "so"}
