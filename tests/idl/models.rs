//! What a model says of files that are good, the limits of loading, and how reports read.

use std::path::Path;

use oneloop::idl::model::{
    DefId, Definition, DefinitionKind, Requiredness, StructKind, Type, Value,
};
use oneloop::idl::{self, Memory, Model, Options, Report, Reports, Severity};

use super::corpus::{folder, options};

fn loaded(name: &str) -> Model {
    let path = folder().join("valid").join(format!("{name}.thrift"));
    match idl::load(&path, &options()) {
        Ok((model, _)) => model,
        Err(reports) => panic!("{reports}"),
    }
}

fn from_text(text: &str, options: &Options) -> Result<(Model, Vec<Report>), Reports> {
    idl::load_from(
        &mut Memory::from([("main.thrift", text)]),
        Path::new("main.thrift"),
        options,
    )
}

fn named<'a>(model: &'a Model, name: &str) -> &'a Definition {
    let mut all = model.root().definitions.iter();
    all.find(|definition| definition.name == name)
        .expect("a definition of that name")
}

fn value<'a>(model: &'a Model, name: &str) -> &'a Value {
    match &named(model, name).kind {
        DefinitionKind::Const(constant) => &constant.value,
        other => panic!("{other:?} is no constant"),
    }
}

#[test]
fn scribe_extends_the_service_of_another_file() {
    let model = loaded("scribe");
    assert_eq!(model.files().len(), 2);
    assert_eq!(model.root().namespace("rs"), Some("scribe"));
    assert_eq!(model.root().namespace("java"), None);
    let DefinitionKind::Service(scribe) = &named(&model, "scribe").kind else {
        panic!("no service");
    };
    let parent: DefId = scribe.parent.expect("a parent");
    assert_eq!(model.definition(parent).name, "FacebookService");
    assert_eq!(model.file(parent.file()).stem, "fb303");
    assert_eq!(model.ancestors(parent).count(), 0);
    let inherited = model.service(parent).expect("a service");
    assert_eq!(inherited.functions.len(), 13);
    assert_eq!(inherited.functions.iter().filter(|f| f.oneway).count(), 2);

    let log = &scribe.functions[0];
    let Some(Type::Enum(code)) = log.result else {
        panic!("no enum");
    };
    let members = &model.enumeration(code).expect("an enum").members;
    let members: Vec<_> = members.iter().map(|m| (m.name.as_str(), m.value)).collect();
    assert_eq!(members, [("OK", 0), ("TRY_LATER", 1)]);
    let Type::List(entry) = &log.arguments[0].ty else {
        panic!("no list");
    };
    let Type::Struct(entry) = **entry else {
        panic!("no struct");
    };
    let fields = &model.structure(entry).expect("a struct").fields;
    let fields: Vec<_> = fields
        .iter()
        .map(|f| (f.id, f.name.as_str(), &f.ty))
        .collect();
    assert_eq!(
        fields,
        [
            (1, "category", &Type::String),
            (2, "message", &Type::String)
        ]
    );
}

#[test]
fn the_tutorial_has_its_docs_defaults_and_exceptions() {
    let model = loaded("tutorial");
    assert_eq!(
        model.root().doc.as_deref(),
        Some("A calculator, as a first program.")
    );
    let DefinitionKind::Struct(work) = &named(&model, "Work").kind else {
        panic!("no struct");
    };
    assert_eq!(work.fields[0].default, Some(Value::Int(0)));
    assert_eq!(model.true_type(&work.fields[0].ty), &Type::I32);
    assert!(matches!(work.fields[0].ty, Type::Typedef(_)));
    let requiredness: Vec<_> = work.fields.iter().map(|f| f.requiredness).collect();
    assert_eq!(
        requiredness[2..],
        [Requiredness::Default, Requiredness::Optional]
    );
    let DefinitionKind::Service(service) = &named(&model, "Calculator").kind else {
        panic!("no service");
    };
    let calculate = &service.functions[2];
    let Type::Struct(thrown) = calculate.throws[0].ty else {
        panic!("no struct");
    };
    let kind = model.structure(thrown).map(|found| found.kind);
    assert_eq!(kind, Some(StructKind::Exception));
    let zip = &service.functions[3];
    assert_eq!(zip.doc.as_deref(), Some("Nobody waits for it."));
    assert!(zip.oneway && zip.result.is_none());
}

#[test]
fn docs_go_to_what_is_behind_them() {
    let model = loaded("docs");
    assert_eq!(model.root().doc.as_deref(), Some("The file."));
    let doc = |name: &str| named(&model, name).doc.clone().unwrap_or_default();
    assert_eq!(doc("A"), "A struct.\n\n - indented");
    assert_eq!(doc("E"), "An enum.");
    assert_eq!(doc("S"), "A service.");
    assert_eq!(doc("C"), "A const.");
    assert_eq!(doc("T"), "A typedef.");
    let DefinitionKind::Struct(a) = &named(&model, "A").kind else {
        panic!("no struct");
    };
    assert_eq!(a.fields[0].doc.as_deref(), Some("A field."));
    assert_eq!(a.fields[1].doc, None);
    let DefinitionKind::Service(s) = &named(&model, "S").kind else {
        panic!("no service");
    };
    assert_eq!(s.functions[0].doc.as_deref(), Some("A function."));
    let argument = &s.functions[0].arguments[0];
    assert_eq!(argument.doc.as_deref(), Some("An argument."));
}

#[test]
fn values_are_typed_and_their_names_resolved() {
    let model = loaded("const_references");
    assert!(matches!(value(&model, "B"), Value::Const(id) if model.definition(*id).name == "A"));
    assert_eq!(value(&model, "WIDE"), &Value::Int(5), "of another type");
    assert_eq!(value(&model, "D"), &Value::Double(5.0));
    let model = loaded("enum_values");
    assert!(matches!(value(&model, "e"), Value::Enum { member: 2, .. }));
    assert!(matches!(
        value(&model, "by_number"),
        Value::Enum { member: 5, .. }
    ));
    assert_eq!(value(&model, "number"), &Value::Int(-3));
    let model = loaded("const_struct");
    let Value::Struct { fields, .. } = value(&model, "L") else {
        panic!("no struct");
    };
    let given: Vec<usize> = fields.iter().map(|(index, _)| *index).collect();
    assert_eq!(given, [0, 1, 2]);
    assert!(matches!(fields[0].1, Value::Const(_)));
    let model = loaded("const_texts");
    assert_eq!(
        value(&model, "a"),
        &Value::String("double \"quoted\"".into())
    );
    assert_eq!(value(&model, "e"), &Value::Binary("bytes é".into()));
    assert!(matches!(value(&model, "f"), Value::Uuid(bytes) if bytes[15] == 0xff));
    let model = loaded("const_numbers");
    assert_eq!(value(&model, "d"), &Value::Int(i64::MIN));
    assert_eq!(value(&model, "k"), &Value::Double(7.0));
    assert_eq!(value(&model, "m"), &Value::Bool(false));
    assert_eq!(value(&model, "n"), &Value::Int(1));
}

#[test]
fn a_struct_that_contains_itself_is_boxed_where_it_does_and_nowhere_else() {
    let model = loaded("recursive");
    let boxed = |name: &str| {
        let DefinitionKind::Struct(found) = &named(&model, name).kind else {
            panic!("no struct");
        };
        let boxed: Vec<bool> = found.fields.iter().map(|field| field.boxed).collect();
        (found.recursive, boxed)
    };
    assert_eq!(boxed("Node"), (true, vec![false, true]));
    assert_eq!(boxed("A"), (true, vec![true]));
    assert_eq!(boxed("B"), (true, vec![true, false]), "a list is no value");
    assert_eq!(boxed("Forest"), (false, vec![false, false]));
    assert_eq!(boxed("Tree"), (true, vec![false, true]));
}

#[test]
fn the_members_of_a_union_are_optional() {
    let model = loaded("union_required");
    let DefinitionKind::Struct(union) = &named(&model, "U").kind else {
        panic!("no union");
    };
    assert_eq!(union.kind, StructKind::Union);
    assert_eq!(union.fields[0].requiredness, Requiredness::Optional);
}

#[test]
fn negative_ids_stay_if_that_is_asked_for() {
    let text = "struct A { -3: i32 a, i32 b, 0: i32 c, -32768: i32 d }";
    let ids = |options: &Options| {
        let (model, _) = from_text(text, options).expect("a model");
        let DefinitionKind::Struct(found) = &model.root().definitions[0].kind else {
            panic!("no struct");
        };
        found.fields.iter().map(|f| f.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&Options::default()), [-1, -2, -3, -4]);
    let kept = Options {
        negative_ids: true,
        ..Options::default()
    };
    assert_eq!(ids(&kept), [-3, -4, 0, -32768]);
    for text in [
        "struct A { -32769: i32 a }",
        "exception E {} service S { void f() throws (0: E e) }",
        "struct A { -1: i32 a, -1: i32 b }",
    ] {
        assert!(from_text(text, &kept).is_err(), "{text}");
    }
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let text = "struct A {}";
    for (most, good) in [(10, false), (11, true), (12, true)] {
        let options = Options {
            file_bytes_max: most,
            ..Options::default()
        };
        assert_eq!(from_text(text, &options).is_ok(), good, "{most}");
    }
}

#[test]
fn files_are_loaded_up_to_their_limit_and_each_once() {
    let mut files = Memory::from([
        (
            "main.thrift",
            "include 'a.thrift' include './b.thrift' struct M { 1: a.A a }",
        ),
        ("a.thrift", "include 'b.thrift' struct A { 1: b.B b }"),
        ("b.thrift", "struct B {}"),
    ]);
    for (most, good) in [(1, false), (2, false), (3, true), (4, true)] {
        let options = Options {
            file_count_max: most,
            ..Options::default()
        };
        let result = idl::load_from(&mut files, Path::new("main.thrift"), &options);
        assert_eq!(
            result.as_ref().ok().map(|(model, _)| model.files().len()),
            good.then_some(3)
        );
        if let Err(reports) = result {
            assert!(reports.to_string().contains("more than"), "{reports}");
        }
    }
}

#[test]
fn services_inherit_over_64_levels_and_no_more() {
    for (levels, good) in [(63, true), (64, true), (65, false), (66, false)] {
        let mut text = "service S1 {}\n".to_owned();
        for level in 2..=levels {
            text += &format!("service S{level} extends S{} {{}}\n", level - 1);
        }
        assert_eq!(
            from_text(&text, &Options::default()).is_ok(),
            good,
            "{levels}"
        );
    }
}

#[test]
fn a_number_is_another_constants_over_64_steps_and_no_more() {
    for (steps, good) in [(63, true), (64, true), (65, false)] {
        let mut text = "const i32 C0 = 1\n".to_owned();
        for step in 1..=steps {
            text += &format!("const i32 C{step} = C{}\n", step - 1);
        }
        text += &format!("const i64 last = C{}\n", steps - 1);
        assert_eq!(
            from_text(&text, &Options::default()).is_ok(),
            good,
            "{steps}"
        );
    }
}

#[test]
fn a_report_reads_as_the_rust_compilers() {
    let text = "struct Entry {}\n\nstruct A {\n\t1: Entri e // é\n}\n";
    let reports = from_text(text, &Options::default()).expect_err("an unknown type");
    assert_eq!(
        reports.to_string(),
        "error: unknown type `Entri`\n --> main.thrift:4:5\n  |\n4 | \t1: Entri e // é\n  | \t   ^^^^^\nhelp: did you mean `Entry`?"
    );
    let report = reports.iter().next().expect("one");
    assert_eq!(report.severity(), Severity::Error);
    assert_eq!(report.help(), "did you mean `Entry`?");
    let error: oneloop::Error = reports.into();
    assert!(error.to_string().starts_with("error: unknown type"));
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let reports = idl::load("no/such/file.thrift", &Options::default()).expect_err("no file");
    let text = reports.to_string();
    assert!(
        text.starts_with("error: there is no file no/such/file.thrift\n"),
        "{text}"
    );
    let reports = idl::load(folder(), &Options::default()).expect_err("a folder");
    assert!(reports.to_string().starts_with("error: cannot read "));
    let mut files = Memory::from([("main.thrift", &b"struct A {}\n# \xff\n"[..])]);
    let reports = idl::load_from(&mut files, Path::new("main.thrift"), &Options::default());
    let reports = reports.expect_err("no UTF-8");
    let report = reports.iter().next().expect("one");
    assert_eq!((report.line(), report.column()), (Some(2), Some(3)));
}
