//! `scribe check FILE` as a process.

use std::path::PathBuf;
use std::process::{Command, Output};

/// A file of its own, gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: impl AsRef<[u8]>) -> Self {
        let name = format!("oneloop-scribe-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("a scratch file");
        Self(path)
    }

    fn check(&self) -> (Option<i32>, String, String) {
        let output: Output = Command::new(env!("CARGO_BIN_EXE_scribe"))
            .arg("check")
            .arg(&self.0)
            .output()
            .expect("it starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a text");
        let named = text(output.stderr).replace(&*self.0.to_string_lossy(), "FILE");
        (output.status.code(), text(output.stdout), named)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_good_file_is_answered_by_its_plan() {
    let text = "\
port=1463
max_msg_per_second=2000000
<store>
category=default
type=buffer
retry_interval=30
retry_interval_range=10
  <primary>
  type=network
  remote_host=localhost
  remote_port=1466
  </primary>
  <secondary>
  type=file
  file_path=/tmp/buffer
  max_size=3000000
  </secondary>
</store>
<store>
categories=web* mail
type=file
rotate_period=daily
add_newlines=1
</store>
<store>
category=audit
type=multi
<store>
type=file
base_filename=all
create_symlink=no
max_size=0
</store>
<store>
type=multifile
file_path=/audit
sub_directory=x
</store>
</store>
";
    let (code, printed, told) = Scratch::new("good.conf", text).check();
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert_eq!(
        printed,
        "\
listen    port 1463 of the address that --listen says
messages  a second: 2000000
clients   at a time: 10000
queue     5 MB for each store
check     every 5 s
stores    one for each category, made after its rule's

all others
  failed    its client is told to try later
  buffer    tries again after 30 s, give or take 5 s; replays 1 file a check
    network   primary: localhost:1466, within 5 s
    file      secondary: /tmp/buffer/CATEGORY/CATEGORY_NNNNN, next after 3 MB, link CATEGORY_current

web*, mail
  failed    its client is told to try later
  file      DIR/CATEGORY/CATEGORY-DATE_NNNNN, next after 1 GB, daily at 01:15 UTC, link CATEGORY_current, with newlines

audit
  failed    its client is told to try later
  multi     all of these have to take it
    file      DIR/all_NNNNN
    category  one for each
      file      each: /audit/CATEGORY/x/CATEGORY_NNNNN, next after 1 GB, link CATEGORY_current
"
    );
}

#[test]
fn all_faults_of_a_bad_file_are_told_and_the_code_is_2() {
    let text = "[[store]]\ncategories = ['a']\ntype = 'flie'\n[[store]]\ntype = 'null'\n";
    let (code, printed, told) = Scratch::new("bad.toml", text).check();
    assert_eq!((code, printed.as_str()), (Some(2), ""));
    assert_eq!(
        told,
        "\
error: store[0].type: there is no store of type `flie`
 --> FILE:3:8
  |
3 | type = 'flie'
  |        ^^^^^^
help: did you mean `file`?

error: store[1]: `categories` is missing
 --> FILE:4:1
  |
4 | [[store]]
  | ^^^^^^^^^
help: name a category, all that begin so (`web*`), or all that are left (`default`)
"
    );
}

#[test]
fn a_warning_is_told_beside_the_plan() {
    let text = "<store>\ncategory=default\ntype=null\nmust_suceed=no\n</store>\n";
    let (code, printed, told) = Scratch::new("warn.conf", text).check();
    assert_eq!(code, Some(0));
    assert!(
        printed.contains("null      counted, and not kept"),
        "{printed}"
    );
    assert!(
        told.starts_with("warning: store[0].must_suceed: "),
        "{told}"
    );
    assert!(told.contains("did you mean `must_succeed`?"), "{told}");
}

#[test]
fn a_file_that_is_none_is_told_of() {
    let missing = Scratch::new("gone.conf", "");
    std::fs::remove_file(&missing.0).expect("it was there");
    let (code, _, told) = missing.check();
    assert_eq!(code, Some(2));
    assert!(told.starts_with("error: it cannot be read: "), "{told}");
    for (name, text, part) in [
        ("name.cfg", &b"port=1463"[..], "name it `.toml`"),
        ("latin.conf", b"# caf\xe9\n", "this is no UTF-8"),
        ("long.conf", &[b'#'; (1 << 20) + 1], "1048576 bytes at most"),
        ("long.toml", &[0xff; (1 << 20) + 1], "1048576 bytes at most"),
    ] {
        let (code, printed, told) = Scratch::new(name, text).check();
        assert_eq!((code, printed.as_str()), (Some(2), ""), "{name}");
        assert!(told.contains(part), "{name}: {told}");
    }
}
