//! Values of generated types: what they begin with, and what of them survives the wire.

use std::collections::{BTreeMap, BTreeSet};

use oneloop::thrift::{
    Binary, Compact, Kind, Method, OrderedDouble, Protocol, ProtocolError, ProtocolErrorKind, Read,
    Value, WireLimits, Write,
};
use proptest::prelude::*;

/// Generated files, each in a module beside the others, as a program would include them.
macro_rules! include_golden {
    ($folder:literal: $($name:ident)*) => {$(
        #[allow(dead_code, missing_docs, unreachable_pub, clippy::upper_case_acronyms)]
        pub(crate) mod $name {
            include!(concat!("golden/", $folder, "/", stringify!($name), ".rs"));
        }
    )*};
}

pub(crate) mod plain {
    include_golden!("plain": all_types base evil_names annotations const_across_files const_containers
        const_numbers const_references const_struct const_texts containers docs double_infinite empty fb303
        inheritance moods names_of_case names_of_words recursive scribe tutorial);
}

pub(crate) mod shared {
    include_golden!("shared": all_types base moods);
}

pub(crate) mod hashed {
    include_golden!("hashed": all_types base moods);
}

use plain::all_types::{
    self as all, Everything, Failed, Mood, Options, Point, Shape, Tree, painter_methods,
};

fn written<P: Protocol>(value: &impl Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut output = P::writer(&mut bytes, WireLimits::default());
    value.write(&mut output).expect("it can be written");
    drop(output);
    bytes
}

/// Why it cannot be written.
fn refusal<P: Protocol>(value: &impl Value) -> ProtocolError {
    let mut output = Vec::new();
    let mut output = P::writer(&mut output, WireLimits::default());
    value.write(&mut output).expect_err("it cannot be written")
}

fn read<P: Protocol, T: Value>(bytes: &[u8]) -> Result<T, ProtocolError> {
    let mut input = P::reader(bytes, WireLimits::default());
    let value = T::read(&mut input)?;
    input.finish()?;
    Ok(value)
}

fn survives<T: Value + PartialEq + std::fmt::Debug>(value: &T) {
    assert_eq!(
        &read::<Binary, T>(&written::<Binary>(value)).unwrap(),
        value
    );
    assert_eq!(
        &read::<Compact, T>(&written::<Compact>(value)).unwrap(),
        value
    );
}

/// A struct of these fields, which some other version wrote.
fn fields<P: Protocol>(write: impl FnOnce(&mut dyn FnMut(i16, Other))) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut output = P::writer(&mut bytes, WireLimits::default());
    let mut state = output.begin_struct().unwrap();
    write(&mut |id, other| {
        let kind = match other {
            Other::Int(_) => Kind::I32,
            Other::Text(_) => Kind::String,
            Other::Struct => Kind::Struct,
        };
        output.field(&mut state, id, kind);
        match other {
            Other::Int(value) => output.i32(value),
            Other::Text(text) => output.string(text).unwrap(),
            Other::Struct => {
                let inner = output.begin_struct().unwrap();
                output.end_struct(inner);
            }
        }
    });
    output.end_struct(state);
    drop(output);
    bytes
}

enum Other {
    Int(i32),
    Text(&'static str),
    Struct,
}

fn in_both<T: Value>(write: impl Fn(&mut dyn FnMut(i16, Other))) -> Result<T, ProtocolErrorKind> {
    let binary = read::<Binary, T>(&fields::<Binary>(&write)).map_err(|error| error.kind());
    let compact = read::<Compact, T>(&fields::<Compact>(&write)).map_err(|error| error.kind());
    assert_eq!(binary.as_ref().err(), compact.as_ref().err());
    binary
}

#[test]
fn fields_begin_with_their_defaults() {
    let all = Everything::default();
    assert!(all.flag);
    assert_eq!((all.tiny, all.small, all.large), (0, -3, i64::MIN));
    assert_eq!(
        (all.text.as_str(), all.bytes.as_slice()),
        ("it's \"quoted\"\n", &b"raw"[..])
    );
    assert_eq!(
        (all.numbers.as_slice(), all.mood),
        (&[1, 2, 3][..], Mood::BAD)
    );
    assert_eq!(all.moods["x"], [Mood::GOOD]);
    assert_eq!(
        (all.point.x, all.point.y),
        (OrderedDouble(2.5), OrderedDouble(1.5))
    );
    let options = Options::default();
    assert_eq!(
        (options.maybe, options.preset, options.plain),
        (None, Some(7), 9)
    );
    assert_eq!(
        (options.named.as_str(), options.plain_shape),
        ("anna", None)
    );
}

#[test]
fn a_field_that_does_not_come_keeps_its_default() {
    let all: Everything = in_both(|_| {}).unwrap();
    assert_eq!(all, Everything::default());
    let arguments: painter_methods::EverythingArguments = in_both(|_| {}).unwrap();
    assert_eq!(
        (arguments.cx, arguments.output),
        (Everything::default(), Mood(0))
    );
    let shape_alone = b"\x0c\0\x01\x0b\0\x04\0\0\0\x01a\0\0";
    let arguments: painter_methods::PaintArguments = read::<Binary, _>(shape_alone).unwrap();
    assert_eq!((arguments.times, arguments.at), (3, Point::default()));
}

#[test]
fn a_required_field_has_to_come() {
    let kind = in_both::<Options>(|field| field(1, Other::Int(1))).unwrap_err();
    assert_eq!(kind, ProtocolErrorKind::MissingField);
    let whole = |field: &mut dyn FnMut(i16, Other)| {
        field(1, Other::Int(1));
        field(5, Other::Text("bob"));
        field(8, Other::Int(77));
    };
    let options: Options = in_both(whole).unwrap();
    assert_eq!(
        (options.needed, options.named.as_str(), options.mood),
        (1, "bob", Mood(77))
    );
    let error = read::<Binary, Options>(b"\0").unwrap_err();
    assert_eq!(error.path().collect::<Vec<_>>(), [("Options", "needed")]);
    // An argument that has no default has to come as well.
    let arguments = in_both::<painter_methods::PaintArguments>(|_| {});
    assert_eq!(arguments.unwrap_err(), ProtocolErrorKind::MissingField);
}

#[test]
fn fields_that_are_unknown_or_of_another_type_are_skipped() {
    let failed: Failed = in_both(|field| {
        field(1, Other::Text("no number"));
        field(2, Other::Text("why"));
        field(3, Other::Struct);
        field(-9, Other::Int(1));
    })
    .unwrap();
    assert_eq!(
        failed,
        Failed {
            code: 0,
            message: "why".into()
        }
    );
    assert_eq!(failed.to_string(), "why");
}

#[test]
fn enums_keep_numbers_without_a_name() {
    survives(&Mood(1234));
    assert_eq!(
        (Mood(1234).name(), Mood(1234).to_string()),
        (None, "1234".into())
    );
    assert_eq!(
        (Mood::AWFUL, Mood::BAD.to_string()),
        (Mood::BAD, "BAD".into())
    );
    assert_eq!(Mood::MEMBERS, [Mood::GOOD, Mood::BAD, Mood::BLUE_GREEN]);
    assert_eq!(Mood::from(-5).name(), Some("blueGreen"));
}

#[test]
fn a_union_has_one_member_and_it_may_be_unknown() {
    survives(&Shape::Group(vec![
        Shape::Circle(1.5),
        Shape::Text("x".into()),
    ]));
    let unknown: Shape = in_both(|field| field(99, Other::Struct)).unwrap();
    assert_eq!(unknown, Shape::Unknown { id: 99 });
    let other: Shape = in_both(|field| field(2, Other::Text("no double"))).unwrap();
    assert_eq!(other, Shape::Unknown { id: 2 });
    // Its value is gone: what would be written has no member, and no reader takes that.
    for unknown in [unknown.clone(), Shape::Group(vec![unknown])] {
        for error in [refusal::<Binary>(&unknown), refusal::<Compact>(&unknown)] {
            assert_eq!(error.kind(), ProtocolErrorKind::InvalidData);
            let text = "member 99 of union Shape is unknown here and cannot be written";
            assert!(error.to_string().contains(text), "{error}");
        }
    }
    let invalid = ProtocolErrorKind::InvalidData;
    assert_eq!(in_both::<Shape>(|_| {}).unwrap_err(), invalid);
    let two = |field: &mut dyn FnMut(i16, Other)| {
        field(4, Other::Text("a"));
        field(99, Other::Int(1));
    };
    assert_eq!(in_both::<Shape>(two).unwrap_err(), invalid);
}

/// The wire knows them by their ids and by what the interface calls them.
#[test]
fn names_that_are_one_in_rust_are_apart_on_the_wire() {
    use plain::names_of_case::{AB, Colour, Either, Gone, MADE, OTHER, SECOND, shop_methods};
    let made = AB {
        user_id: 3,
        user_id_: Some("x".into()),
        user_id__: true,
        r#type: 0,
        type_: 9,
    };
    assert_eq!(*MADE, made);
    survives(&made);
    assert_eq!(
        (Colour::RED.0, Colour::RED__.0, Colour::RED_.0),
        (0, 1, 2),
        "who is written so is called so"
    );
    assert_eq!((SECOND, SECOND.name()), (Colour(1), Some("RED")));
    assert_eq!(*OTHER, Either::One_("text".into()));
    survives(&*OTHER);
    let gone = Gone {
        message: "first".into(),
        message_: "second".into(),
    };
    assert_eq!(gone.to_string(), "first");
    assert_eq!(shop_methods::GetX_::NAME, "get_x");
    let thrown = shop_methods::GetXException::Success_(gone);
    survives(&shop_methods::GetXResult_::from(Err(thrown)));
}

/// A constant and an argument of one name: Rust would take the one for the other.
#[test]
fn a_constant_without_a_letter_is_not_what_a_field_is_called() {
    use plain::evil_names::{__2, _1, Numbered};
    assert_eq!((_1, __2.as_slice()), (5, &[5][..]));
    let numbered: Numbered = in_both(|field| {
        field(1, Other::Int(7));
        field(2, Other::Text("x"));
    })
    .unwrap();
    assert_eq!((numbered.n_1, numbered.n_2.as_str()), (7, "x"));
}

#[test]
fn types_that_hold_themselves_survive_up_to_the_limit_of_depth() {
    let mut tree = Tree::default();
    for value in 0..40 {
        tree = Tree {
            value,
            left: Some(Box::new(tree)),
            right: None,
            others: vec![Tree::default()],
        };
    }
    survives(&tree);
    for value in 0..40 {
        tree = Tree {
            value,
            right: Some(Box::new(tree)),
            ..Tree::default()
        };
    }
    let mut bytes = Vec::new();
    let error = tree
        .write(&mut Binary::writer(&mut bytes, WireLimits::default()))
        .unwrap_err();
    assert_eq!(error.kind(), ProtocolErrorKind::DepthLimit);
}

#[test]
fn constants_are_what_the_file_says() {
    assert_eq!(
        (all::ANSWER, all::AGAIN, all::RAW, all::RATIO),
        (42, "hello", &b"a'b"[..], 2.5)
    );
    assert_eq!(all::FAVOURITE, Mood::BLUE_GREEN);
    assert_eq!(all::ID.to_string(), "00112233-4455-6677-8899-aabbccddeeff");
    assert_eq!(*all::NAMES, ["a", "hello"]);
    assert_eq!(all::POINTS["origin"].y, OrderedDouble(2.5));
    assert_eq!(
        *all::LEVELS,
        BTreeSet::from([OrderedDouble(1.5), OrderedDouble(2.5)])
    );
    assert_eq!(
        (all::ALL.tiny, all::ALL.numbers.as_slice(), all::ALL.small),
        (1, &[42][..], -3)
    );
    assert_eq!(*all::ROUND, Shape::Circle(1.0));
}

#[test]
fn a_result_is_a_value_or_one_of_the_exceptions() {
    use all::PaintException;
    use painter_methods::{Grow, Paint, PaintResult, Rest};
    let failed = Failed {
        code: 3,
        message: "no".into(),
    };
    for outcome in [
        Ok(Shape::Circle(1.0)),
        Err(PaintException::from(failed.clone())),
        Err(PaintException::Success(all::Empty {})),
    ] {
        let result = PaintResult::from(outcome.clone());
        survives(&result);
        assert_eq!(Paint::outcome(result), Some(outcome));
    }
    assert_eq!(Paint::outcome(PaintResult::default()), None);
    assert_eq!(Rest::outcome(Ok(()).into()), Some(Ok(())));
    let second = Err(all::GrowException::Two(failed));
    assert_eq!(Grow::outcome(second.clone().into()), Some(second));
    assert_eq!(Paint::FULL_NAME, "Painter.paint");
    const { assert!(painter_methods::Forget::ONEWAY && !Paint::ONEWAY) };
}

#[test]
fn scribe_is_as_on_the_wire_of_its_day() {
    use plain::scribe::{LogEntry, scribe_methods::LogArguments};
    let entry = LogEntry {
        category: "a".into(),
        message: "b".into(),
    };
    let arguments = LogArguments {
        messages: vec![entry],
    };
    let bytes = b"\x0f\0\x01\x0c\0\0\0\x01\x0b\0\x01\0\0\0\x01a\x0b\0\x02\0\0\0\x01b\0\0";
    assert_eq!(written::<Binary>(&arguments), bytes);
    survives(&arguments);
}

fn point() -> impl Strategy<Value = Point> {
    let numbers = (any::<f64>(), any::<f64>());
    let tags = proptest::option::of(proptest::collection::btree_set(".{0,5}", 0..3));
    (numbers, tags).prop_map(|((x, y), tags)| Point {
        x: OrderedDouble(x),
        y: OrderedDouble(y),
        tags,
    })
}

proptest! {
    #[test]
    fn everything_survives_in_both_protocols_and_in_every_style(
        (flag, tiny, small, medium, large) in any::<(bool, i8, i16, i32, i64)>(),
        text in ".{0,20}",
        bytes in any::<Vec<u8>>(),
        id in any::<[u8; 16]>(),
        words in proptest::collection::btree_set(".{0,5}", 0..5),
        mood in any::<i32>(),
        points in proptest::collection::vec(point(), 0..4),
    ) {
        let value = Everything {
            flag, tiny, small, medium, large, text, bytes, words,
            id: id.into(),
            mood: Mood(mood),
            point: points.first().cloned().unwrap_or_default(),
            places: points.iter().map(|point| (point.clone(), BTreeMap::from([("a".into(), 1.0)]))).collect(),
            doubles: points.iter().map(|point| point.x).collect(),
            rows: BTreeMap::from([(points.iter().map(|point| point.y).collect(), BTreeSet::new())]),
            nested: points.into_iter().map(|point| BTreeMap::from([(1, point)])).collect(),
            ..Everything::default()
        };
        survives(&value);
        // What one style wrote, the others read.
        let binary = written::<Binary>(&value);
        let shared: shared::all_types::Everything = read::<Binary, _>(&binary).unwrap();
        prop_assert_eq!(&written::<Binary>(&shared), &binary);
        let hashed: hashed::all_types::Everything = read::<Binary, _>(&binary).unwrap();
        prop_assert_eq!(read::<Binary, Everything>(&written::<Binary>(&hashed)).unwrap(), value);
    }
}

mod serving {
    use oneloop::thrift::Answer;
    use oneloop::{Context, thrift::Processor};

    use super::plain::base::BaseNull;
    use super::plain::tutorial::{
        CalculateException, CalculatorNull, InvalidOperation, Work, processor,
    };

    /// Overrides two of the functions; the rest answers nothing.
    struct State;

    impl BaseNull for State {}

    impl CalculatorNull for State {
        fn add(_: &mut Context<'_, Self>, num1: i32, num2: i32) -> Answer<i32> {
            num1.saturating_add(num2).into()
        }

        fn calculate(
            _: &mut Context<'_, Self>,
            _: i32,
            w: Work,
        ) -> Answer<i32, CalculateException> {
            let ouch = InvalidOperation {
                what_op: w.op.0,
                ..InvalidOperation::default()
            };
            Answer::Exception(ouch.into())
        }
    }

    #[test]
    fn who_overrides_what_he_needs_has_a_whole_service() {
        let _: Processor<State> = processor::<State>();
    }
}
