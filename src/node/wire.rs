// Generated from wire.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::marker::PhantomData;

use oneloop::Context;

use oneloop::thrift::{
    Answer, Incoming, Kind, Locate, Process, Processor, Protocol, ProtocolError, Read,
    Served, Value, Write,
};

/// The version of all this.
pub const VERSION: i32 = 1;

/// Why a link was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefusedCode(pub i32);

impl RefusedCode {
    pub const VERSION: Self = Self(1);
    pub const NAME: Self = Self(2);
    pub const PROOF: Self = Self(3);
    pub const DUPLICATE: Self = Self(4);
    pub const ADDRESS: Self = Self(5);
    pub const MALFORMED: Self = Self(6);

    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[
        Self::VERSION,
        Self::NAME,
        Self::PROOF,
        Self::DUPLICATE,
        Self::ADDRESS,
        Self::MALFORMED,
    ];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::VERSION => Some("VERSION"),
            Self::NAME => Some("NAME"),
            Self::PROOF => Some("PROOF"),
            Self::DUPLICATE => Some("DUPLICATE"),
            Self::ADDRESS => Some("ADDRESS"),
            Self::MALFORMED => Some("MALFORMED"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for RefusedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for RefusedCode {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for RefusedCode {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

/// The other end does not take the link. It is closed behind this.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refused {
    pub code: RefusedCode,
    pub text: String,
}

impl Value for Refused {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            code: RefusedCode::default(),
            text: String::new(),
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => this.code = Value::read(input).at("Refused", "code")?,
                (2, Kind::String) => {
                    this.text = Value::read(input).at("Refused", "text")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.code.write(output)?;
        output.field(&mut fields, 2, Kind::String);
        self.text.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refused {}

/// What a root says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Welcome {
    pub version: i32,
    /// The root's name.
    pub name: String,
    /// 16 bytes.
    pub instance: Vec<u8>,
    pub epoch: i64,
    /// 32 bytes that were never used before.
    pub nonce: Vec<u8>,
    /// HMAC-SHA256 over everything in both hellos but the field 8, labelled as the root's; empty without a secret.
    pub proof: Vec<u8>,
    /// After how much silence the child is to give a sign of life; 0: never.
    pub heartbeat_ms: i32,
    /// So many calls of the root's may be under way, besides those that are set aside; 0: it does not know what that is. Not proven: it says
    /// only how calls are counted.
    pub window: i32,
}

impl Value for Welcome {
    const KIND: Kind = Kind::Struct;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        let mut this = Self {
            version: 0,
            name: String::new(),
            instance: Vec::new(),
            epoch: 0,
            nonce: Vec::new(),
            proof: Vec::new(),
            heartbeat_ms: 0,
            window: 0,
        };
        let mut fields = input.begin_struct()?;
        while let Some(field) = input.field(&mut fields)? {
            match (field.id, field.kind) {
                (1, Kind::I32) => {
                    this.version = Value::read(input).at("Welcome", "version")?;
                }
                (2, Kind::String) => {
                    this.name = Value::read(input).at("Welcome", "name")?;
                }
                (3, Kind::String) => {
                    this.instance = Value::read(input).at("Welcome", "instance")?;
                }
                (4, Kind::I64) => this.epoch = Value::read(input).at("Welcome", "epoch")?,
                (5, Kind::String) => {
                    this.nonce = Value::read(input).at("Welcome", "nonce")?;
                }
                (6, Kind::String) => {
                    this.proof = Value::read(input).at("Welcome", "proof")?;
                }
                (7, Kind::I32) => {
                    this.heartbeat_ms = Value::read(input).at("Welcome", "heartbeat_ms")?;
                }
                (8, Kind::I32) => {
                    this.window = Value::read(input).at("Welcome", "window")?;
                }
                (_, kind) => input.skip(kind)?,
            }
        }
        input.end_struct(fields);
        Ok(this)
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        let mut fields = output.begin_struct()?;
        output.field(&mut fields, 1, Kind::I32);
        self.version.write(output)?;
        output.field(&mut fields, 2, Kind::String);
        self.name.write(output)?;
        output.field(&mut fields, 3, Kind::String);
        self.instance.write(output)?;
        output.field(&mut fields, 4, Kind::I64);
        self.epoch.write(output)?;
        output.field(&mut fields, 5, Kind::String);
        self.nonce.write(output)?;
        output.field(&mut fields, 6, Kind::String);
        self.proof.write(output)?;
        output.field(&mut fields, 7, Kind::I32);
        self.heartbeat_ms.write(output)?;
        output.field(&mut fields, 8, Kind::I32);
        self.window.write(output)?;
        output.end_struct(fields);
        Ok(())
    }
}

/// What serves `Oneloop`: the application's state.
pub trait Oneloop: Sized + 'static {
    /// From the child, the first frame of the link.
    #[allow(clippy::too_many_arguments)]
    fn hello(
        cx: &mut Context<'_, Self>,
        version: i32,
        name: String,
        instance: Vec<u8>,
        epoch: i64,
        nonce: Vec<u8>,
        heartbeat_ms: i32,
        weight: i32,
    ) -> Answer<Welcome, HelloException>;

    /// From the child, the second frame: HMAC-SHA256 over the same, labelled as the child's. With the answer the link is up.
    fn proof(cx: &mut Context<'_, Self>, proof: Vec<u8>) -> Answer<(), ProofException>;

    /// A sign of life, either way.
    fn heartbeat(cx: &mut Context<'_, Self>) -> Answer<()>;

    /// So many calls of this end's may be under way, besides those that are set aside. From the child, when the link is up, if the root has
    /// said the same of itself. Who has not said it is told of nothing that is set aside.
    fn window(cx: &mut Context<'_, Self>, calls: i32) -> Answer<()>;

    /// The call of this number waits for somebody who is slow: it counts no more among those under way, and whose command it is is not read
    /// until it is answered.
    fn set_aside(cx: &mut Context<'_, Self>, sequence: i32) -> Answer<()>;

    /// Nobody waits any more for the answer to the call of this number: it is answered with an exception, as soon as may be.
    fn cancel(cx: &mut Context<'_, Self>, sequence: i32) -> Answer<()>;
}

/// [`Oneloop`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait OneloopNull: Sized + 'static {
    /// From the child, the first frame of the link.
    #[allow(clippy::too_many_arguments)]
    fn hello(
        cx: &mut Context<'_, Self>,
        version: i32,
        name: String,
        instance: Vec<u8>,
        epoch: i64,
        nonce: Vec<u8>,
        heartbeat_ms: i32,
        weight: i32,
    ) -> Answer<Welcome, HelloException> {
        let _ = (cx, version, name, instance, epoch, nonce, heartbeat_ms, weight);
        Answer::Value(Welcome::default())
    }

    /// From the child, the second frame: HMAC-SHA256 over the same, labelled as the child's. With the answer the link is up.
    fn proof(cx: &mut Context<'_, Self>, proof: Vec<u8>) -> Answer<(), ProofException> {
        let _ = (cx, proof);
        Answer::Value(())
    }

    /// A sign of life, either way.
    fn heartbeat(cx: &mut Context<'_, Self>) -> Answer<()> {
        let _ = cx;
        Answer::Value(())
    }

    /// So many calls of this end's may be under way, besides those that are set aside. From the child, when the link is up, if the root has
    /// said the same of itself. Who has not said it is told of nothing that is set aside.
    fn window(cx: &mut Context<'_, Self>, calls: i32) -> Answer<()> {
        let _ = (cx, calls);
        Answer::Value(())
    }

    /// The call of this number waits for somebody who is slow: it counts no more among those under way, and whose command it is is not read
    /// until it is answered.
    fn set_aside(cx: &mut Context<'_, Self>, sequence: i32) -> Answer<()> {
        let _ = (cx, sequence);
        Answer::Value(())
    }

    /// Nobody waits any more for the answer to the call of this number: it is answered with an exception, as soon as may be.
    fn cancel(cx: &mut Context<'_, Self>, sequence: i32) -> Answer<()> {
        let _ = (cx, sequence);
        Answer::Value(())
    }
}

impl<S: OneloopNull> Oneloop for S {
    #[allow(clippy::too_many_arguments)]
    fn hello(
        cx: &mut Context<'_, Self>,
        version: i32,
        name: String,
        instance: Vec<u8>,
        epoch: i64,
        nonce: Vec<u8>,
        heartbeat_ms: i32,
        weight: i32,
    ) -> Answer<Welcome, HelloException> {
        <Self as OneloopNull>::hello(
            cx,
            version,
            name,
            instance,
            epoch,
            nonce,
            heartbeat_ms,
            weight,
        )
    }

    fn proof(cx: &mut Context<'_, Self>, proof: Vec<u8>) -> Answer<(), ProofException> {
        <Self as OneloopNull>::proof(cx, proof)
    }

    fn heartbeat(cx: &mut Context<'_, Self>) -> Answer<()> {
        <Self as OneloopNull>::heartbeat(cx)
    }

    fn window(cx: &mut Context<'_, Self>, calls: i32) -> Answer<()> {
        <Self as OneloopNull>::window(cx, calls)
    }

    fn set_aside(cx: &mut Context<'_, Self>, sequence: i32) -> Answer<()> {
        <Self as OneloopNull>::set_aside(cx, sequence)
    }

    fn cancel(cx: &mut Context<'_, Self>, sequence: i32) -> Answer<()> {
        <Self as OneloopNull>::cancel(cx, sequence)
    }
}

/// Finds the methods of `Oneloop` by their names.
pub struct OneloopProcessor<S>(PhantomData<fn(S)>);

impl<S: Oneloop> Process<S> for OneloopProcessor<S> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use oneloop_methods as methods;
        match call.name() {
            b"hello" => {
                call.serve::<methods::Hello>(|cx, arguments| {
                    let methods::HelloArguments {
                        version,
                        name,
                        instance,
                        epoch,
                        nonce,
                        heartbeat_ms,
                        weight,
                    } = arguments;
                    S::hello(
                        cx,
                        version,
                        name,
                        instance,
                        epoch,
                        nonce,
                        heartbeat_ms,
                        weight,
                    )
                })
            }
            b"proof" => {
                call.serve::<methods::Proof>(|cx, arguments| {
                    let methods::ProofArguments { proof } = arguments;
                    S::proof(cx, proof)
                })
            }
            b"heartbeat" => call.serve::<methods::Heartbeat>(|cx, _| S::heartbeat(cx)),
            b"window" => {
                call.serve::<methods::Window>(|cx, arguments| {
                    let methods::WindowArguments { calls } = arguments;
                    S::window(cx, calls)
                })
            }
            b"set_aside" => {
                call.serve::<methods::SetAside>(|cx, arguments| {
                    let methods::SetAsideArguments { sequence } = arguments;
                    S::set_aside(cx, sequence)
                })
            }
            b"cancel" => {
                call.serve::<methods::Cancel>(|cx, arguments| {
                    let methods::CancelArguments { sequence } = arguments;
                    S::cancel(cx, sequence)
                })
            }
            _ => call.unknown(),
        }
    }
}

/// Serves `Oneloop` to the links of a listener.
pub fn oneloop_processor<S: Oneloop>() -> Processor<S> {
    Processor::of::<OneloopProcessor<S>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S: Oneloop>() -> Processor<S> {
    oneloop_processor::<S>()
}

/// The methods of `Oneloop`: their arguments, results and exceptions.
pub mod oneloop_methods {
    use std::fmt;

    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Oneloop.hello`
    #[derive(Clone, Copy, Debug)]
    pub struct Hello;

    impl Method for Hello {
        const NAME: &'static str = "hello";
        const FULL_NAME: &'static str = "Oneloop.hello";
        const ONEWAY: bool = false;
        type Arguments = HelloArguments;
        type Output = super::Welcome;
        type Exception = HelloException;
        type Result = HelloResult;

        fn outcome(
            result: HelloResult,
        ) -> Option<Result<super::Welcome, HelloException>> {
            if let Some(exception) = result.refused {
                return Some(Err(HelloException::Refused(exception)));
            }
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Hello`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct HelloArguments {
        pub version: i32,
        /// The child's name.
        pub name: String,
        /// 16 bytes that tell children of one name apart.
        pub instance: Vec<u8>,
        /// A number that grows from life to life of an instance.
        pub epoch: i64,
        /// 32 bytes that were never used before.
        pub nonce: Vec<u8>,
        /// After how much silence the root is to give a sign of life; 0: never, and the child gives none either.
        pub heartbeat_ms: i32,
        /// Its share of the calls, among children of one name.
        pub weight: i32,
    }

    impl Value for HelloArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                version: 0,
                name: String::new(),
                instance: Vec::new(),
                epoch: 0,
                nonce: Vec::new(),
                heartbeat_ms: 0,
                weight: 0,
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.version = Value::read(input).at("Oneloop.hello", "version")?;
                    }
                    (2, Kind::String) => {
                        this.name = Value::read(input).at("Oneloop.hello", "name")?;
                    }
                    (3, Kind::String) => {
                        this.instance = Value::read(input)
                            .at("Oneloop.hello", "instance")?;
                    }
                    (4, Kind::I64) => {
                        this.epoch = Value::read(input).at("Oneloop.hello", "epoch")?;
                    }
                    (5, Kind::String) => {
                        this.nonce = Value::read(input).at("Oneloop.hello", "nonce")?;
                    }
                    (6, Kind::I32) => {
                        this.heartbeat_ms = Value::read(input)
                            .at("Oneloop.hello", "heartbeat_ms")?;
                    }
                    (7, Kind::I32) => {
                        this.weight = Value::read(input).at("Oneloop.hello", "weight")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I32);
            self.version.write(output)?;
            output.field(&mut fields, 2, Kind::String);
            self.name.write(output)?;
            output.field(&mut fields, 3, Kind::String);
            self.instance.write(output)?;
            output.field(&mut fields, 4, Kind::I64);
            self.epoch.write(output)?;
            output.field(&mut fields, 5, Kind::String);
            self.nonce.write(output)?;
            output.field(&mut fields, 6, Kind::I32);
            self.heartbeat_ms.write(output)?;
            output.field(&mut fields, 7, Kind::I32);
            self.weight.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Hello`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct HelloResult {
        pub success: Option<super::Welcome>,
        pub refused: Option<super::Refused>,
    }

    impl Value for HelloResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                success: None,
                refused: None,
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Struct) => {
                        this.success = Some(
                            Value::read(input).at("Oneloop.hello", "success")?,
                        );
                    }
                    (1, Kind::Struct) => {
                        this.refused = Some(
                            Value::read(input).at("Oneloop.hello", "refused")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.success {
                output.field(&mut fields, 0, Kind::Struct);
                value.write(output)?;
            }
            if let Some(value) = &self.refused {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::Welcome, HelloException>> for HelloResult {
        fn from(outcome: Result<super::Welcome, HelloException>) -> Self {
            match outcome {
                Ok(value) => {
                    Self {
                        success: Some(value),
                        ..Self::default()
                    }
                }
                Err(HelloException::Refused(exception)) => {
                    Self {
                        refused: Some(exception),
                        ..Self::default()
                    }
                }
            }
        }
    }

    /// What [`Hello`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum HelloException {
        Refused(super::Refused),
    }

    impl fmt::Display for HelloException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Refused(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for HelloException {}

    impl From<super::Refused> for HelloException {
        fn from(exception: super::Refused) -> Self {
            Self::Refused(exception)
        }
    }

    /// `Oneloop.proof`
    #[derive(Clone, Copy, Debug)]
    pub struct Proof;

    impl Method for Proof {
        const NAME: &'static str = "proof";
        const FULL_NAME: &'static str = "Oneloop.proof";
        const ONEWAY: bool = false;
        type Arguments = ProofArguments;
        type Output = ();
        type Exception = ProofException;
        type Result = ProofResult;

        fn outcome(result: ProofResult) -> Option<Result<(), ProofException>> {
            if let Some(exception) = result.refused {
                return Some(Err(ProofException::Refused(exception)));
            }
            Some(Ok(()))
        }
    }

    /// The arguments of [`Proof`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct ProofArguments {
        pub proof: Vec<u8>,
    }

    impl Value for ProofArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { proof: Vec::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.proof = Value::read(input).at("Oneloop.proof", "proof")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::String);
            self.proof.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Proof`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ProofResult {
        pub refused: Option<super::Refused>,
    }

    impl Value for ProofResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { refused: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::Struct) => {
                        this.refused = Some(
                            Value::read(input).at("Oneloop.proof", "refused")?,
                        );
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            if let Some(value) = &self.refused {
                output.field(&mut fields, 1, Kind::Struct);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), ProofException>> for ProofResult {
        fn from(outcome: Result<(), ProofException>) -> Self {
            match outcome {
                Ok(()) => Self::default(),
                Err(ProofException::Refused(exception)) => {
                    Self { refused: Some(exception) }
                }
            }
        }
    }

    /// What [`Proof`] throws.
    #[derive(Clone, Debug, PartialEq)]
    #[allow(clippy::enum_variant_names, clippy::large_enum_variant)]
    pub enum ProofException {
        Refused(super::Refused),
    }

    impl fmt::Display for ProofException {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Refused(exception) => fmt::Display::fmt(exception, f),
            }
        }
    }

    impl std::error::Error for ProofException {}

    impl From<super::Refused> for ProofException {
        fn from(exception: super::Refused) -> Self {
            Self::Refused(exception)
        }
    }

    /// `Oneloop.heartbeat`
    #[derive(Clone, Copy, Debug)]
    pub struct Heartbeat;

    impl Method for Heartbeat {
        const NAME: &'static str = "heartbeat";
        const FULL_NAME: &'static str = "Oneloop.heartbeat";
        const ONEWAY: bool = true;
        type Arguments = HeartbeatArguments;
        type Output = ();
        type Exception = NoException;
        type Result = HeartbeatResult;

        fn outcome(_: HeartbeatResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Heartbeat`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct HeartbeatArguments {}

    impl Value for HeartbeatArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Heartbeat`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct HeartbeatResult {}

    impl Value for HeartbeatResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), NoException>> for HeartbeatResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }

    /// `Oneloop.window`
    #[derive(Clone, Copy, Debug)]
    pub struct Window;

    impl Method for Window {
        const NAME: &'static str = "window";
        const FULL_NAME: &'static str = "Oneloop.window";
        const ONEWAY: bool = true;
        type Arguments = WindowArguments;
        type Output = ();
        type Exception = NoException;
        type Result = WindowResult;

        fn outcome(_: WindowResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Window`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct WindowArguments {
        pub calls: i32,
    }

    impl Value for WindowArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { calls: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.calls = Value::read(input).at("Oneloop.window", "calls")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I32);
            self.calls.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Window`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct WindowResult {}

    impl Value for WindowResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), NoException>> for WindowResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }

    /// `Oneloop.set_aside`
    #[derive(Clone, Copy, Debug)]
    pub struct SetAside;

    impl Method for SetAside {
        const NAME: &'static str = "set_aside";
        const FULL_NAME: &'static str = "Oneloop.set_aside";
        const ONEWAY: bool = true;
        type Arguments = SetAsideArguments;
        type Output = ();
        type Exception = NoException;
        type Result = SetAsideResult;

        fn outcome(_: SetAsideResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`SetAside`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct SetAsideArguments {
        pub sequence: i32,
    }

    impl Value for SetAsideArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { sequence: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.sequence = Value::read(input)
                            .at("Oneloop.set_aside", "sequence")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I32);
            self.sequence.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`SetAside`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SetAsideResult {}

    impl Value for SetAsideResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), NoException>> for SetAsideResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }

    /// `Oneloop.cancel`
    #[derive(Clone, Copy, Debug)]
    pub struct Cancel;

    impl Method for Cancel {
        const NAME: &'static str = "cancel";
        const FULL_NAME: &'static str = "Oneloop.cancel";
        const ONEWAY: bool = true;
        type Arguments = CancelArguments;
        type Output = ();
        type Exception = NoException;
        type Result = CancelResult;

        fn outcome(_: CancelResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Cancel`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct CancelArguments {
        pub sequence: i32,
    }

    impl Value for CancelArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { sequence: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.sequence = Value::read(input)
                            .at("Oneloop.cancel", "sequence")?;
                    }
                    (_, kind) => input.skip(kind)?,
                }
            }
            input.end_struct(fields);
            Ok(this)
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let mut fields = output.begin_struct()?;
            output.field(&mut fields, 1, Kind::I32);
            self.sequence.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Cancel`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CancelResult {}

    impl Value for CancelResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                input.skip(field.kind)?;
            }
            input.end_struct(fields);
            Ok(Self {})
        }

        fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
            let fields = output.begin_struct()?;
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<(), NoException>> for CancelResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}

pub use oneloop_methods::{HelloException, ProofException};
