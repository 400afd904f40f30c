const list<i32> a = [1, 2; 3 4]
const set<string> b = ["x", "y",]
const map<string, list<i32>> c = {"one": [1], "two": [1, 2];}
const list<i32> d = []
const map<i32, i32> e = {}
const list<i32> f = {}
const set<i32> g = {}
const map<i32, list<i32>> h = []
