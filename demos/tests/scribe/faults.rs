//! Bad configurations, and what is told of each.

use std::path::Path;

use oneloop_demos::scribe::config::load::{Format, parse};

/// What is told of a text: severity, line, column, key, message, help.
fn told(text: &str, format: Format) -> Vec<String> {
    let reports = match parse(text, Path::new("x"), format) {
        Ok(loaded) => loaded.warnings,
        Err(reports) => reports.iter().cloned().collect(),
    };
    let line = |report: &oneloop::report::Report| {
        format!(
            "{:?} {}:{} {}: {} | {}",
            report.severity(),
            report.line().unwrap_or_default(),
            report.column().unwrap_or_default(),
            report.key(),
            report.message(),
            report.help()
        )
    };
    reports.iter().map(line).collect()
}

/// Each text is told exactly these; a `~` at the end stands for whatever follows.
fn check(format: Format, rows: &[(&str, &[&str])]) {
    for (text, due) in rows {
        let told = told(text, format);
        let fits = told.len() == due.len()
            && told
                .iter()
                .zip(*due)
                .all(|(told, due)| match due.strip_suffix('~') {
                    Some(start) => told.starts_with(start),
                    None => told == due,
                });
        assert!(fits, "{text}\nis told {told:#?}\nand not {due:#?}");
    }
}

#[test]
fn each_fault_of_a_conf_is_told_with_its_place_and_mend() {
    let rows: &[(&str, &[&str])] = &[
        (
            "",
            &[
                "Error 1:1 : there are no stores, so nothing would be kept | describe each in lines from <store> to </store>",
            ],
        ),
        // The shape.
        (
            "<store>\ntype=null\n",
            &["Error 1:1 : <store> is not closed | write </store> where it ends"],
        ),
        (
            "</store>\n<store>",
            &["Error 1:1 : nothing is open here that could be closed | take the line out"],
        ),
        (
            " <store\n",
            &["Error 1:2 : a `<` has no `>` | write <store>, <primary> or another name"],
        ),
        (
            "port 1463\n<store>\ncategory=a\ntype=null\n</store>",
            &[
                "Warning 1:1 : this line has no `=`; it is passed over | write KEY=VALUE, or put a # in front of a comment",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=buffer\n<primary>\ntype=null\n</secondary>\n<secondary>\ntype=file\n</secondary>\n</store>",
            &["Warning 6:1 : this closes <primary>, whatever its name | write </primary>"],
        ),
        (
            "port=1\nport=2\n<store> x\ncategory=a\ntype=null\n</store>",
            &[
                "Warning 2:1 port: it is here twice in one block; the last counts | keep one of the two",
                "Warning 3:1 : what stands behind `>` is passed over~",
            ],
        ),
        // Keys.
        (
            "prot=1463\n<store>\ncategory=a\ntype=null\n</store>",
            &[
                "Warning 1:1 prot: there is no such key here; it is passed over | did you mean `port`?",
            ],
        ),
        (
            "hdfs::x=1\nfile::y=2\n<store>\ncategory=a\ntype=file\n</store>",
            &[
                "Warning 1:1 hdfs::x: there is no store of type `hdfs`~",
                "Warning 2:1 store[0].y: there is no such key here~",
            ],
        ),
        (
            "num_thrift_server_threads=3\n<store>\ncategory=a\ntype=null\n</store>",
            &[
                "Warning 1:1 num_thrift_server_threads: it is passed over: one thread serves all clients | ",
            ],
        ),
        (
            "port=0\nmax_queue_size=0\ncheck_interval=0\nmax_conn=-1\nnew_thread_per_category=true\n",
            &[
                "Error 1:6 port: `0` is no number that can stand here | write a whole number from 1 to 65535",
                "Error 2:16 max_queue_size: 0 bytes are out of bounds | write 1 at least~",
                "Error 3:16 check_interval: `0` is no time that can stand here | 1 ms is the least",
                "Error 4:10 max_conn: `-1` is no number~",
                "Error 5:25 new_thread_per_category: `true` is no answer to a question | write `yes` or `no`",
            ],
        ),
        (
            "port=65536\nmax_queue_size=08\ncheck_interval=99999999999\nmax_msg_per_second=1e6\nmax_conn=\n",
            &[
                "Error 1:6 port: `65536` is no number~",
                "Error 2:16 max_queue_size: `08` is no number of bytes | write a whole number: decimal, with `0x`~",
                "Error 3:16 check_interval: `99999999999` is no span of time | write a number of seconds; the most is 365 days",
                "Error 4:20 max_msg_per_second: `1e6` is no number~",
                "Error 5:1 max_conn: `` is no number~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=null\ntarget_write_size=16384\nmax_write_interval=1\n</store>",
            &[
                "Warning 4:1 store[0].target_write_size: it is passed over: nothing waits to be written, since its answer waits too | ",
                "Warning 5:1 store[0].max_write_interval: it is passed over: nothing waits to be written, since its answer waits too | ",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=category\n<model>\ntype=null\nmax_write_interval=1\n</model>\n</store>",
            &[
                "Warning 6:1 store[0].model.max_write_interval: it is passed over: the store that this one stands in says it | ",
            ],
        ),
        // What is out.
        (
            "<store>\ncategory=a\ntype=file\nfs_type=hdfs\n</store>",
            &[
                "Error 4:9 store[0].fs_type: files on `hdfs` are no part of this collector | write `std`~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=thriftfile\nflush_frequency_ms=1\n</store>\n<store>\ncategory=b\ntype=thriftmultifile\n</store>",
            &[
                "Error 3:6 store[0].type: stores of type `thriftfile` are no part of this collector | use `file`~",
                "Error 8:6 store[1].type: stores of type `thriftmultifile` are no part~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=network\nsmc_service=x\nremote_host=h\nremote_port=1\ndynamic_config_type=thrift_bucket\n</store>",
            &[
                "Error 4:1 store[0].smc_service: finding remotes by smc or ZooKeeper is no part of this collector | name them~",
                "Error 7:1 store[0].dynamic_config_type: finding remotes by a service is no part of this collector | name them~",
            ],
        ),
        // Stores.
        (
            "<store>\n</store>",
            &["Error 1:1 store[0]: `category` is missing~"],
        ),
        (
            "<store>\ncategory=a\n</store>",
            &["Error 1:1 store[0]: `type` is missing | the types are: file, buffer~"],
        ),
        (
            "<store>\ncategory=a\ntype=\n</store>",
            &["Error 3:1 store[0].type: there is nothing~"],
        ),
        (
            "<store>\ncategory=a/b\ntype=file\n</store>",
            &["Error 2:10 store[0].category: `a/b` is no category: it has a `/` in it~"],
        ),
        (
            "<store>\ncategories=a ..\ntype=file\n</store>",
            &["Error 2:12 store[0].categories: `..` is no category~"],
        ),
        (
            "<sotre>\ncategory=a\ntype=file\n</sotre>",
            &["Error 1:1 sotre: nothing of this name can stand here | did you mean `store`?"],
        ),
        (
            "<store>\ncategory=a\ntype=null\n</store>\n<sotre>\n</sotre>",
            &["Error 5:1 sotre: nothing of this name can stand here | did you mean `store`?"],
        ),
        (
            "<store>\ncategory=a\ntype=file\nbase_filename=../x\nrotate_period=1y\nrotate_hour=24\nrotate_minute=60\nadd_newlines=yes\n</store>",
            &[
                "Error 4:15 store[0].base_filename: `../x` is no part of a file's name: it has a `/` in it | write a name without a folder",
                "Error 5:15 store[0].rotate_period: `1y` is no period~",
                "Error 6:13 store[0].rotate_hour: `24` is no number~",
                "Error 7:15 store[0].rotate_minute: `60` is no number~",
                "Error 8:14 store[0].add_newlines: `yes` is no number~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=file\nuse_hostname_sub_directory=yes\nsub_directory=x\n</store>",
            &["Error 4:28 store[0].use_hostname_sub_directory: the folder has a name already~"],
        ),
        (
            "<store>\ncategory=a\ntype=buffer\n<primary>\ntype=null\n</primary>\n</store>",
            &[
                "Error 1:1 store[0]: the store `secondary` is missing | describe it in lines from <secondary> to </secondary>",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=buffer\n<primary>\ntype=null\n</primary>\n<primary>\ntype=null\n</primary>\n<secondary>\ntype=multi\n<store0>\ntype=null\n</store0>\n</secondary>\n</store>",
            &[
                "Error 7:1 store[0].primary: it is here twice~",
                "Error 11:6 store[0].secondary.type: what waits here could not be read again | use `file`",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=buffer\nadaptive_backoff=yes\nmax_retry_interval=1\n<primary>\ntype=null\n</primary>\n<secondary>\ntype=null\n</secondary>\n</store>",
            &[
                "Error 5:20 store[0].max_retry_interval: the shortest is longer than the longest~",
                "Warning 10:1 store[0].secondary: what the primary does not take is lost~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=buffer\nretry_interval=10\nretry_interval_range=21\nbuffer_bypass_max_ratio=2\nbuffer_send_rate=0\n<primary>\ntype=null\n</primary>\n<secondary>\ntype=file\nrotate_period=hourly\n</secondary>\n</store>",
            &[
                "Error 5:22 store[0].retry_interval_range: half of the range is more than the interval~",
                "Error 6:25 store[0].buffer_bypass_max_ratio: `2` is no share~",
                "Error 7:18 store[0].buffer_send_rate: `0` is no number~",
                "Warning 12:1 store[0].secondary: files of a buffer are neither rotated~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=network\n</store>",
            &[
                "Error 1:1 store[0]: it goes nowhere | say where: `remote_host` and `remote_port`, or `service_list`",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=network\nremote_host=h\n</store>",
            &["Error 1:1 store[0]: `remote_port` is missing~"],
        ),
        (
            "<store>\ncategory=a\ntype=network\nremote_host=h:1463\nremote_port=1\n</store>",
            &["Error 4:13 store[0].remote_host: `h:1463` is neither~"],
        ),
        (
            "<store>\ncategory=a\ntype=network\nservice_list=a:1, b\n</store>",
            &["Error 4:14 store[0].service_list: `b` is no host with a port~"],
        ),
        (
            "<store>\ncategory=a\ntype=bucket\n</store>",
            &["Error 1:1 store[0]: `bucket_type` is missing~"],
        ),
        (
            "<store>\ncategory=a\ntype=bucket\nbucket_type=key_mod\nnum_buckets=1\n<bucket0>\ntype=null\n</bucket0>\n</store>",
            &[
                "Error 1:1 store[0]: the store `bucket1` is missing~",
                "Error 4:13 store[0].bucket_type: `key_mod` is not known here~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=bucket\nbucket_type=random\nnum_buckets=1\n<bucket1>\ntype=null\n</bucket1>\n<bucket0>\ntype=null\n</bucket0>\n<bucket1>\ntype=null\n</bucket1>\n<bucket2>\ntype=null\n</bucket2>\n<bucket01>\n</bucket01>\n</store>",
            &[
                "Error 12:1 store[0].bucket1: it is here twice~",
                "Error 15:1 store[0].bucket2: nothing of this name can stand here~",
                "Error 18:1 store[0].bucket01: nothing of this name can stand here~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=bucket\nbucket_type=context_log\nremove_key=yes\nnum_buckets=1\ndelimiter=0\nbucket_subdir=x\n<bucket>\ntype=null\n</bucket>\n</store>",
            &[
                "Error 5:12 store[0].remove_key: the keys of context logs cannot be removed~",
                "Error 7:11 store[0].delimiter: `0` is no number~",
                "Error 10:6 store[0].bucket.type: only files are made after a model~",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=multi\nreport_success=some\n</store>",
            &[
                "Error 1:1 store[0]: there are no stores in it~",
                "Error 4:16 store[0].report_success: `some` is not known here | write one of: all, any",
            ],
        ),
        (
            "<store>\ncategory=a\ntype=category\n</store>",
            &["Error 1:1 store[0]: the store `model` is missing~"],
        ),
    ];
    check(Format::Conf, rows);
}

#[test]
fn each_fault_of_a_toml_is_told_with_its_place_and_mend() {
    let rows: &[(&str, &[&str])] = &[
        (
            "",
            &[
                "Error 1:1 : there are no stores, so nothing would be kept | describe each in a table of its own: [[store]]",
            ],
        ),
        ("listen = \n", &["Error 1:10 : this is no TOML: ~"]),
        (
            "port = 1463\n[[store]]\ncategories = ['a']\ntype = 'null'",
            &["Error 1:1 port: there is no such key | the keys here are: listen~"],
        ),
        (
            "listen = '1463'\nqueue_bytes_max = '5'\ncheck_interval = 5\nlinks_max = true\nstore_per_category = 'yes'\n",
            &[
                "Error 1:10 listen: `1463` is no address to listen at~",
                "Error 2:19 queue_bytes_max: `5` is no number of bytes | write a number of bytes, or~",
                "Error 3:18 check_interval: 5 is no span of time | write a whole number with its unit~",
                "Error 4:13 links_max: a number that can stand here is due here, this is true or false~",
                "Error 5:22 store_per_category: `yes` is no answer~",
            ],
        ),
        (
            "[[store]]\ncategories = 'a'\ntype = 1\n",
            &[
                "Error 2:14 store[0].categories: a list of texts is due here~",
                "Error 3:8 store[0].type: 1 is no text~",
            ],
        ),
        (
            "[[store]]\ncategories = []\ntype = 'null'\n",
            &["Error 2:14 store[0].categories: a category has a name~"],
        ),
        (
            "[[store]]\ncategories = ['']\ntype = 'null'\n",
            &["Error 2:14 store[0].categories: a category has a name~"],
        ),
        (
            "[[store]]\ncategories = ['a', 1]\ntype = 'null'\n",
            &["Error 2:14 store[0].categories: a list of texts is due here~"],
        ),
        (
            "[[store]]\ncategories = ['a']\ntype = 'multifile'\n",
            &["Error 3:8 store[0].type: there is no store of type `multifile`~"],
        ),
        (
            "[[store]]\ncategories = ['a']\ntype = 'null'\nfolder = 'x'\n",
            &["Error 4:1 store[0].folder: there is no such key~"],
        ),
        (
            "[[store]]\ncategories = ['a']\ntype = 'null'\n[store.primary]\ntype = 'null'\n",
            &["Error 4:8 store[0].primary: nothing of this name can stand here | take it out"],
        ),
        (
            "[[store]]\ncategories = ['a']\ntype = 'file'\nfolder = ''\nfile_bytes_max = -1\nlink = 1\nchunk_bytes = 1.5\n",
            &[
                "Error 4:10 store[0].folder: there is nothing~",
                "Error 5:18 store[0].file_bytes_max: -1 is no number of bytes~",
                "Error 6:8 store[0].link: 1 is no answer~",
                "Error 7:15 store[0].chunk_bytes: a number of bytes is due here, this is a number with a fraction~",
            ],
        ),
        (
            "[[store]]\ncategories = ['a']\ntype = 'network'\nhost = 'a b'\nport = 70000\nremotes = ['::1:5', '[::1]:5', 'h:0']\n",
            &[
                "Error 4:8 store[0].host: `a b` is neither~",
                "Error 5:8 store[0].port: 70000 is no number~",
                "Error 6:11 store[0].remotes: `::1:5` is no host with a port~",
            ],
        ),
        (
            "[[store]]\ncategories = ['a']\ntype = 'bucket'\ncount = 10001\nchoice = 'key_range'\ndelimiter = 'ab'\n",
            &[
                "Error 1:1 store[0]: `range` is missing~",
                "Error 4:9 store[0].count: 10001 is no number that can stand here | write a whole number from 1 to 10000",
                "Error 6:13 store[0].delimiter: `ab` is not one byte~",
            ],
        ),
        ("store = 1\n", &["Error 1:1 store: there is no such key~"]),
    ];
    check(Format::Toml, rows);
}

#[test]
fn stores_stand_in_each_other_up_to_a_depth() {
    for (depth, is_read) in [(7, true), (8, true), (9, false)] {
        let open = "type=category\n<model>\n".repeat(depth - 1);
        let close = "</model>\n".repeat(depth - 1);
        let text = format!("<store>\ncategory=a\n{open}type=null\n{close}</store>\n");
        assert_eq!(told(&text, Format::Conf).is_empty(), is_read, "{depth}");
    }
    let deep = "<store>\n".repeat(100_000);
    assert_eq!(told(&deep, Format::Conf).len(), 1);
    let deep = format!("a = {}", "[".repeat(500_000));
    assert!(!told(&deep, Format::Toml).is_empty());
}

#[test]
fn more_than_enough_faults_are_not_told() {
    let text = "<store>\n</store>\n".repeat(900);
    assert_eq!(told(&text, Format::Conf).len(), 51);
}
