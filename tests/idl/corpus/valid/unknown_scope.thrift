# expect: warning 2:11 no generator
namespace cobol a
