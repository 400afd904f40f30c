// Generated from shop.thrift by oneloop-idl. Changes will be lost.

use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, NoException, Process, Processor,
    Protocol, Served,
};

use super::fb303;

/// A service that has fb303's methods besides its own; the file that it includes is nowhere but in the library.
pub trait Shop: fb303::FacebookService {
    fn sell(cx: &mut Context<'_, Self>, what: String) -> Answer<i32>;

    /// A type of the included file.
    fn mood(cx: &mut Context<'_, Self>) -> Answer<fb303::FbStatus>;
}

/// [`Shop`] with an answer to everything: nothing, zero, or what else the type begins with. Override what is to be done.
pub trait ShopNull: fb303::FacebookService {
    fn sell(cx: &mut Context<'_, Self>, what: String) -> Answer<i32> {
        let _ = (cx, what);
        Answer::Value(0)
    }

    /// A type of the included file.
    fn mood(cx: &mut Context<'_, Self>) -> Answer<fb303::FbStatus> {
        let _ = cx;
        Answer::Value(fb303::FbStatus::default())
    }
}

impl<S: ShopNull> Shop for S {
    fn sell(cx: &mut Context<'_, Self>, what: String) -> Answer<i32> {
        <Self as ShopNull>::sell(cx, what)
    }

    fn mood(cx: &mut Context<'_, Self>) -> Answer<fb303::FbStatus> {
        <Self as ShopNull>::mood(cx)
    }
}

/// Finds the methods of `Shop` by their names.
pub struct ShopProcessor<S>(PhantomData<fn(S)>);

impl<S: Shop> Process<S> for ShopProcessor<S> {
    const SHARES: bool = <fb303::FacebookServiceProcessor<S> as Process<S>>::SHARES;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use shop_methods as methods;
        match call.name() {
            b"sell" => {
                call.serve::<methods::Sell>(|cx, arguments| {
                    let methods::SellArguments { what } = arguments;
                    S::sell(cx, what)
                })
            }
            b"mood" => call.serve::<methods::Mood>(|cx, _| S::mood(cx)),
            _ => fb303::FacebookServiceProcessor::<S>::process(call),
        }
    }
}

/// Serves `Shop` to the links of a listener.
pub fn shop_processor<S: Shop>() -> Processor<S> {
    Processor::of::<ShopProcessor<S>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S: Shop>() -> Processor<S> {
    shop_processor::<S>()
}

/// Calls `Shop` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct ShopClient {
    caller: Caller,
    parent: fb303::FacebookServiceClient,
}

impl ShopClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller: caller.clone(),
            parent: fb303::FacebookServiceClient::new(caller),
        }
    }

    pub fn sell<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        what: String,
    ) -> Deferred<i32> {
        let arguments = shop_methods::SellArguments {
            what,
        };
        self.caller.call::<shop_methods::Sell, S>(cx, arguments)
    }

    /// A type of the included file.
    pub fn mood<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
    ) -> Deferred<fb303::FbStatus> {
        let arguments = shop_methods::MoodArguments {};
        self.caller.call::<shop_methods::Mood, S>(cx, arguments)
    }
}

impl std::ops::Deref for ShopClient {
    type Target = fb303::FacebookServiceClient;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

/// Calls `Shop` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct ShopBlocking<T = std::net::TcpStream> {
    /// Who calls the parents' functions.
    pub parent: fb303::FacebookServiceBlocking<T>,
}

impl<T: std::io::Read + std::io::Write> ShopBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self {
            parent: fb303::FacebookServiceBlocking::new(caller),
        }
    }

    pub fn sell(&mut self, what: String) -> Result<i32, CallError<NoException>> {
        let arguments = shop_methods::SellArguments {
            what,
        };
        self.parent.caller.call::<shop_methods::Sell>(arguments)
    }

    /// A type of the included file.
    pub fn mood(&mut self) -> Result<fb303::FbStatus, CallError<NoException>> {
        let arguments = shop_methods::MoodArguments {};
        self.parent.caller.call::<shop_methods::Mood>(arguments)
    }
}

impl<T> std::ops::Deref for ShopBlocking<T> {
    type Target = fb303::FacebookServiceBlocking<T>;

    fn deref(&self) -> &Self::Target {
        &self.parent
    }
}

impl<T> std::ops::DerefMut for ShopBlocking<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.parent
    }
}

/// The methods of `Shop`: their arguments, results and exceptions.
pub mod shop_methods {
    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `Shop.sell`
    #[derive(Clone, Copy, Debug)]
    pub struct Sell;

    impl Method for Sell {
        const NAME: &'static str = "sell";
        const FULL_NAME: &'static str = "Shop.sell";
        const ONEWAY: bool = false;
        type Arguments = SellArguments;
        type Output = i32;
        type Exception = NoException;
        type Result = SellResult;

        fn outcome(result: SellResult) -> Option<Result<i32, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Sell`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct SellArguments {
        pub what: String,
    }

    impl Value for SellArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { what: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.what = Value::read(input).at("Shop.sell", "what")?;
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
            self.what.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`Sell`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SellResult {
        pub success: Option<i32>,
    }

    impl Value for SellResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Shop.sell", "success")?,
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
                output.field(&mut fields, 0, Kind::I32);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i32, NoException>> for SellResult {
        fn from(outcome: Result<i32, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `Shop.mood`
    #[derive(Clone, Copy, Debug)]
    pub struct Mood;

    impl Method for Mood {
        const NAME: &'static str = "mood";
        const FULL_NAME: &'static str = "Shop.mood";
        const ONEWAY: bool = false;
        type Arguments = MoodArguments;
        type Output = super::super::fb303::FbStatus;
        type Exception = NoException;
        type Result = MoodResult;

        fn outcome(
            result: MoodResult,
        ) -> Option<Result<super::super::fb303::FbStatus, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`Mood`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct MoodArguments {}

    impl Value for MoodArguments {
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

    /// What a reply to [`Mood`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct MoodResult {
        pub success: Option<super::super::fb303::FbStatus>,
    }

    impl Value for MoodResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input).at("Shop.mood", "success")?,
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
                output.field(&mut fields, 0, Kind::I32);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<super::super::fb303::FbStatus, NoException>> for MoodResult {
        fn from(outcome: Result<super::super::fb303::FbStatus, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }
}
