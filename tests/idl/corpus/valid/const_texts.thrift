const string a = "double \"quoted\""
const string b = 'single "quoted" \' \\'
const string c = "\r\n\t"
const string d = ""
const binary e = "bytes é"
const uuid f = "00112233-4455-6677-8899-aabbccddeeff"
const uuid g = "{00112233-4455-6677-8899-AABBCCDDEEFF}"
