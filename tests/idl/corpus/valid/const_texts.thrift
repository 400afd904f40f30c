const string a = "double \"quoted\""
const string b = 'single "quoted" \' \\'
const string c = "\r\n\t"
const string d = ""
const binary e = "bytes é"
const uuid f = "00112233-4455-6677-8899-aabbccddeeff"
const uuid g = "{00112233-4455-6677-8899-AABBCCDDEEFF}"
const binary h = a
const string i = e
const binary j = i
struct Texts { 1: binary k = a, 2: string l = j, 3: list<binary> m = [a, e, "n"] }
