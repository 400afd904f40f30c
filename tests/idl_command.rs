//! The command `oneloop-idl` as a process: what it says, what it writes, and with what it exits.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

/// A folder of one test, with interface files.
struct Folder(PathBuf);

/// What came of a run: its exit code, and what it said.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Folder {
    /// A new one, whatever an earlier run of the test has left.
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        if path.exists() {
            fs::remove_dir_all(&path).expect("a folder");
        }
        fs::create_dir_all(&path).expect("a folder");
        let folder = Self(path);
        folder.put("good.thrift", GOOD);
        folder
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file")
    }

    fn has(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }

    /// Runs the command within the folder.
    fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_oneloop-idl"))
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("OUT_DIR")
            .output()
            .expect("the command");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Ran {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// All is well, and nothing is said.
    fn runs(&self, arguments: &[&str]) {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    }

    /// It fails with this code, and says all of this on stderr and nothing on stdout.
    fn fails(&self, arguments: &[&str], code: i32, said: &[&str]) {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {ran:?}");
        assert_eq!(ran.stdout, "", "{arguments:?}");
        for words in said {
            assert!(ran.stderr.contains(words), "{words:?} in {}", ran.stderr);
        }
    }
}

const GOOD: &str =
    "struct Good { 1: map<i32, set<i32>> a, 2: binary b }\nservice S { void call() }\n";

#[test]
fn a_good_file_is_compiled_and_nothing_is_said() {
    let folder = Folder::new("good");
    folder.runs(&["good.thrift", "--out", "made/of/folders"]);
    let text = folder.text("made/of/folders/good.rs");
    assert!(text.starts_with("// Generated from good.thrift by oneloop-idl."));
    assert!(text.contains("pub struct Good") && text.contains("pub struct SClient"));
}

#[test]
fn included_files_are_compiled_too_and_looked_for_in_the_folders_given() {
    let folder = Folder::new("includes");
    folder.put(
        "a.thrift",
        "include \"far.thrift\"\nstruct A { 1: far.F f }",
    );
    folder.put("lib/far.thrift", "struct F { 1: i32 a }");
    folder.fails(&["a.thrift", "--out", "out"], 1, &[" --> a.thrift:1:9\n"]);
    for include in [["-I", "lib"], ["--include", "lib"]] {
        let folder_of_its_own = format!("out{}", include[0]);
        folder.runs(&[
            "a.thrift",
            "--out",
            &folder_of_its_own,
            include[0],
            include[1],
        ]);
        assert!(folder.has(&format!("{folder_of_its_own}/a.rs")));
        assert!(folder.has(&format!("{folder_of_its_own}/far.rs")));
    }
}

#[test]
fn all_errors_of_all_files_are_told_in_one_run_with_their_places_and_nothing_is_written() {
    let folder = Folder::new("errors");
    folder.put("base.thrift", "struct B { 1: Missing x }\n");
    folder.put(
        "bad.thrift",
        "include \"base.thrift\"\nstruct A {\n  1: i32 a\n  1: i32 b,\n  2: Nope c\n}\n",
    );
    let told = [
        "error: duplicate field id 1\n --> bad.thrift:4:3\n",
        "error: unknown type `Nope`\n --> bad.thrift:5:6\n",
        "error: unknown type `Missing`\n --> base.thrift:1:15\n",
        "error: there is no file none.thrift\n --> none.thrift\n",
    ];
    let files = ["good.thrift", "bad.thrift", "none.thrift"];
    folder.fails(&[&files[..], &["--out", "out"]].concat(), 1, &told);
    folder.fails(&[&files[..], &["--check"]].concat(), 1, &told);
    assert!(!folder.has("out"));
    // Of a file that two include, once.
    folder.put("two.thrift", "include \"base.thrift\"");
    let ran = folder.run(&["bad.thrift", "two.thrift", "--check"]);
    assert_eq!(ran.stderr.matches("unknown type `Missing`").count(), 1);
}

#[test]
fn warnings_are_told_and_keep_nothing_from_being_written() {
    let folder = Folder::new("warnings");
    folder.put("odd.thrift", "struct W { i32 a }");
    let ran = folder.run(&["odd.thrift", "--out", "out"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    let told = "warning: field `a` has no id: it is -1 now\n --> odd.thrift:1:16\n";
    assert!(ran.stderr.starts_with(told), "{}", ran.stderr);
    assert!(folder.has("out/odd.rs"));
}

#[test]
fn a_file_that_is_as_it_should_be_is_left_alone_and_another_is_written() {
    let folder = Folder::new("again");
    let arguments = ["good.thrift", "--out", "out"];
    folder.runs(&arguments);
    let (first, path) = (folder.text("out/good.rs"), folder.0.join("out/good.rs"));
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let modified = || {
        let metadata = fs::metadata(&path).expect("a file");
        metadata.modified().expect("a time")
    };
    let age = || {
        let file = File::options().write(true).open(&path).expect("a file");
        file.set_modified(long_ago).expect("a time");
    };
    age();
    folder.runs(&arguments);
    assert_eq!(modified(), long_ago);
    fs::write(&path, "// something else").expect("a file");
    age();
    folder.runs(&arguments);
    assert_ne!(modified(), long_ago);
    assert_eq!(folder.text("out/good.rs"), first);
}

#[test]
fn check_writes_nothing_and_says_which_files_are_not_up_to_date() {
    let folder = Folder::new("check");
    folder.put("other.thrift", "struct O { 1: i32 a }");
    folder.runs(&["good.thrift", "--check"]);
    let check = ["good.thrift", "other.thrift", "--check", "--out", "out"];
    let both = [
        "error: good.rs is not up to date\n",
        "error: other.rs is not up to date\n",
    ];
    folder.fails(&check, 1, &both);
    assert!(!folder.has("out"));
    folder.runs(&["good.thrift", "other.thrift", "--out", "out"]);
    folder.runs(&check);
    folder.put("out/other.rs", "// by hand");
    folder.fails(&check, 1, &both[1..]);
    assert!(!folder.run(&check).stderr.contains("good.rs"));
    assert_eq!(folder.text("out/other.rs"), "// by hand");
    // The same files in another style are others.
    folder.fails(
        &["good.thrift", "--check", "--out", "out", "--maps", "hash"],
        1,
        &both[..1],
    );
}

#[test]
fn what_cannot_be_read_or_written_is_told() {
    let folder = Folder::new("unusable");
    folder.put("file", "");
    folder.put("is_a_folder.thrift/file", "");
    fs::write(folder.0.join("no_text.thrift"), b"struct \xff {}").expect("a file");
    folder.fails(
        &["none.thrift", "--check"],
        1,
        &["there is no file none.thrift"],
    );
    let unread = [
        "cannot read is_a_folder.thrift",
        " --> is_a_folder.thrift\n",
    ];
    folder.fails(&["is_a_folder.thrift", "--check"], 1, &unread);
    folder.fails(&["no_text.thrift", "--check"], 1, &[" --> no_text.thrift"]);
    for out in ["file", "file/within"] {
        let place = format!(" --> {out}/good.rs\n");
        let unwritten = ["error: the file cannot be written: ", &place];
        folder.fails(&["good.thrift", "--out", out], 1, &unwritten);
    }
    assert_eq!(folder.text("file"), "");
}

#[test]
fn a_wrong_command_exits_with_two_and_says_why() {
    let folder = Folder::new("wrong");
    let rows: [(&[&str], &str); 8] = [
        (&[], "<FILE>..."),
        (&["good.thrift"], "--out <DIR>"),
        (&["--out", "out"], "<FILE>..."),
        (&["good.thrift", "--out"], "--out <DIR>"),
        (&["good.thrift", "--nope"], "--nope"),
        (
            &["good.thrift", "--out", "out", "--maps", "tree"],
            "btree, hash",
        ),
        (
            &["good.thrift", "--out", "out", "--binaries", "box"],
            "vec, bytes",
        ),
        (
            &["good.thrift", "--out", "out", "--out", "two"],
            "multiple times",
        ),
    ];
    for (arguments, said) in rows {
        folder.fails(arguments, 2, &[said, "error: "]);
    }
    assert!(!folder.has("out"));
    for (flag, said) in [
        ("--help", "Usage: oneloop-idl"),
        ("--version", "oneloop-idl "),
    ] {
        let ran = folder.run(&[flag]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(ran.stdout.contains(said), "{}", ran.stdout);
    }
}

#[test]
fn each_choice_of_style_changes_what_is_written() {
    let folder = Folder::new("style");
    let rows: [(&[&str], &str, bool); 7] = [
        (&["--maps", "hash"], "HashMap<i32, BTreeSet<i32>>", true),
        (&["--maps", "btree"], "BTreeMap<i32, BTreeSet<i32>>", true),
        (&["--maps", "hash", "--sets", "hash"], "HashSet<i32>", true),
        (&["--binaries", "bytes"], "b: Bytes", true),
        (&["--shared"], "const SHARES: bool = true", true),
        (&["--derive", "std::hash::Hash"], "std::hash::Hash", true),
        (&["--no-clients"], "SClient", false),
    ];
    for (flags, words, has) in rows {
        folder.runs(&[&["good.thrift", "--out", "out"], flags].concat());
        let text = folder.text("out/good.rs");
        assert_eq!(text.contains(words), has, "{flags:?}");
    }
    let said = ["is no Rust", " --> good.thrift\n"];
    let bad = ["good.thrift", "--out", "out", "--derive", "a)"];
    folder.fails(&bad, 1, &said);
}
