// Generated from fb303.thrift by oneloop-idl. Changes will be lost.

use std::fmt;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use oneloop::{Context, Deferred};

use oneloop::thrift::{
    Answer, BlockingCaller, CallError, Caller, Incoming, Kind, NoException, Process,
    Processor, Protocol, ProtocolError, Read, Served, Value, Write,
};

/// How a server is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FbStatus(pub i32);

impl FbStatus {
    pub const DEAD: Self = Self(0);
    pub const STARTING: Self = Self(1);
    pub const ALIVE: Self = Self(2);
    pub const STOPPING: Self = Self(3);
    pub const STOPPED: Self = Self(4);
    /// It serves, and somebody should look at it.
    pub const WARNING: Self = Self(5);

    /// Those that have a name, each number once, in the order of the interface.
    pub const MEMBERS: &'static [Self] = &[
        Self::DEAD,
        Self::STARTING,
        Self::ALIVE,
        Self::STOPPING,
        Self::STOPPED,
        Self::WARNING,
    ];

    /// The name in the interface, if it has one: a later version's numbers are kept without.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::DEAD => Some("DEAD"),
            Self::STARTING => Some("STARTING"),
            Self::ALIVE => Some("ALIVE"),
            Self::STOPPING => Some("STOPPING"),
            Self::STOPPED => Some("STOPPED"),
            Self::WARNING => Some("WARNING"),
            _ => None,
        }
    }
}

/// The name, or the number if it has none.
impl fmt::Display for FbStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl From<i32> for FbStatus {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl Value for FbStatus {
    const KIND: Kind = Kind::I32;

    fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
        Ok(Self(input.i32()?))
    }

    fn write<W: Write>(&self, output: &mut W) -> Result<(), ProtocolError> {
        output.i32(self.0);
        Ok(())
    }
}

/// What serves `FacebookService`: the application's state.
pub trait FacebookService: Sized + 'static {
    /// What the service is called.
    fn get_name(cx: &mut Context<'_, Self>) -> Answer<String>;

    /// Which version of it this is.
    fn get_version(cx: &mut Context<'_, Self>) -> Answer<String>;

    fn get_status(cx: &mut Context<'_, Self>) -> Answer<FbStatus>;

    /// Why it is not alive, or what is wrong: for a person.
    fn get_status_details(cx: &mut Context<'_, Self>) -> Answer<String>;

    fn get_counters(cx: &mut Context<'_, Self>) -> Answer<BTreeMap<String, i64>>;

    /// A counter that there is not is 0.
    fn get_counter(cx: &mut Context<'_, Self>, key: String) -> Answer<i64>;

    fn set_option(cx: &mut Context<'_, Self>, key: String, value: String) -> Answer<()>;

    /// An option that there is not is empty.
    fn get_option(cx: &mut Context<'_, Self>, key: String) -> Answer<String>;

    fn get_options(cx: &mut Context<'_, Self>) -> Answer<BTreeMap<String, String>>;

    /// Where the time went during so many seconds, in a form that both ends know.
    fn get_cpu_profile(
        cx: &mut Context<'_, Self>,
        profile_duration_in_sec: i32,
    ) -> Answer<String>;

    /// In seconds since 1970.
    fn alive_since(cx: &mut Context<'_, Self>) -> Answer<i64>;

    /// It is to read its configuration anew.
    fn reinitialize(cx: &mut Context<'_, Self>) -> Answer<()>;

    /// It is to stop.
    fn shutdown(cx: &mut Context<'_, Self>) -> Answer<()>;
}

/// Finds the methods of `FacebookService` by their names.
pub struct FacebookServiceProcessor<S>(PhantomData<fn(S)>);

impl<S: FacebookService> Process<S> for FacebookServiceProcessor<S> {
    const SHARES: bool = false;

    fn process<P: Protocol>(
        call: &mut Incoming<'_, '_, S, P>,
    ) -> oneloop::Result<Served> {
        use facebook_service_methods as methods;
        match call.name() {
            b"getName" => call.serve::<methods::GetName>(|cx, _| S::get_name(cx)),
            b"getVersion" => {
                call.serve::<methods::GetVersion>(|cx, _| S::get_version(cx))
            }
            b"getStatus" => call.serve::<methods::GetStatus>(|cx, _| S::get_status(cx)),
            b"getStatusDetails" => {
                call.serve::<methods::GetStatusDetails>(|cx, _| S::get_status_details(cx))
            }
            b"getCounters" => {
                call.serve::<methods::GetCounters>(|cx, _| S::get_counters(cx))
            }
            b"getCounter" => {
                call.serve::<methods::GetCounter>(|cx, arguments| {
                    let methods::GetCounterArguments { key } = arguments;
                    S::get_counter(cx, key)
                })
            }
            b"setOption" => {
                call.serve::<methods::SetOption>(|cx, arguments| {
                    let methods::SetOptionArguments { key, value } = arguments;
                    S::set_option(cx, key, value)
                })
            }
            b"getOption" => {
                call.serve::<methods::GetOption>(|cx, arguments| {
                    let methods::GetOptionArguments { key } = arguments;
                    S::get_option(cx, key)
                })
            }
            b"getOptions" => {
                call.serve::<methods::GetOptions>(|cx, _| S::get_options(cx))
            }
            b"getCpuProfile" => {
                call.serve::<methods::GetCpuProfile>(|cx, arguments| {
                    let methods::GetCpuProfileArguments { profile_duration_in_sec } = arguments;
                    S::get_cpu_profile(cx, profile_duration_in_sec)
                })
            }
            b"aliveSince" => {
                call.serve::<methods::AliveSince>(|cx, _| S::alive_since(cx))
            }
            b"reinitialize" => {
                call.serve::<methods::Reinitialize>(|cx, _| S::reinitialize(cx))
            }
            b"shutdown" => call.serve::<methods::Shutdown>(|cx, _| S::shutdown(cx)),
            _ => call.unknown(),
        }
    }
}

/// Serves `FacebookService` to the links of a listener.
pub fn facebook_service_processor<S: FacebookService>() -> Processor<S> {
    Processor::of::<FacebookServiceProcessor<S>>()
}

/// The same by a short name: the file has one service.
pub fn processor<S: FacebookService>() -> Processor<S> {
    facebook_service_processor::<S>()
}

/// Calls `FacebookService` from the loop: answers come later, and many calls can be under way.
#[derive(Clone, Debug)]
pub struct FacebookServiceClient {
    caller: Caller,
}

impl FacebookServiceClient {
    /// A client that calls by way of this caller.
    pub fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// What it calls by: with another deadline it makes another client; it knows whether the link is open, and closes it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// What the service is called.
    pub fn get_name<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<String> {
        let arguments = facebook_service_methods::GetNameArguments {};
        self.caller.call::<facebook_service_methods::GetName, S>(cx, arguments)
    }

    /// Which version of it this is.
    pub fn get_version<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<String> {
        let arguments = facebook_service_methods::GetVersionArguments {};
        self.caller.call::<facebook_service_methods::GetVersion, S>(cx, arguments)
    }

    pub fn get_status<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<FbStatus> {
        let arguments = facebook_service_methods::GetStatusArguments {};
        self.caller.call::<facebook_service_methods::GetStatus, S>(cx, arguments)
    }

    /// Why it is not alive, or what is wrong: for a person.
    pub fn get_status_details<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
    ) -> Deferred<String> {
        let arguments = facebook_service_methods::GetStatusDetailsArguments {};
        self.caller.call::<facebook_service_methods::GetStatusDetails, S>(cx, arguments)
    }

    pub fn get_counters<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
    ) -> Deferred<BTreeMap<String, i64>> {
        let arguments = facebook_service_methods::GetCountersArguments {};
        self.caller.call::<facebook_service_methods::GetCounters, S>(cx, arguments)
    }

    /// A counter that there is not is 0.
    pub fn get_counter<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        key: String,
    ) -> Deferred<i64> {
        let arguments = facebook_service_methods::GetCounterArguments {
            key,
        };
        self.caller.call::<facebook_service_methods::GetCounter, S>(cx, arguments)
    }

    pub fn set_option<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        key: String,
        value: String,
    ) -> Deferred<()> {
        let arguments = facebook_service_methods::SetOptionArguments {
            key,
            value,
        };
        self.caller.call::<facebook_service_methods::SetOption, S>(cx, arguments)
    }

    /// An option that there is not is empty.
    pub fn get_option<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        key: String,
    ) -> Deferred<String> {
        let arguments = facebook_service_methods::GetOptionArguments {
            key,
        };
        self.caller.call::<facebook_service_methods::GetOption, S>(cx, arguments)
    }

    pub fn get_options<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
    ) -> Deferred<BTreeMap<String, String>> {
        let arguments = facebook_service_methods::GetOptionsArguments {};
        self.caller.call::<facebook_service_methods::GetOptions, S>(cx, arguments)
    }

    /// Where the time went during so many seconds, in a form that both ends know.
    pub fn get_cpu_profile<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
        profile_duration_in_sec: i32,
    ) -> Deferred<String> {
        let arguments = facebook_service_methods::GetCpuProfileArguments {
            profile_duration_in_sec,
        };
        self.caller.call::<facebook_service_methods::GetCpuProfile, S>(cx, arguments)
    }

    /// In seconds since 1970.
    pub fn alive_since<S: 'static>(&self, cx: &mut Context<'_, S>) -> Deferred<i64> {
        let arguments = facebook_service_methods::AliveSinceArguments {};
        self.caller.call::<facebook_service_methods::AliveSince, S>(cx, arguments)
    }

    /// It is to read its configuration anew.
    pub fn reinitialize<S: 'static>(
        &self,
        cx: &mut Context<'_, S>,
    ) -> oneloop::Result<()> {
        let arguments = facebook_service_methods::ReinitializeArguments {};
        self.caller.send::<facebook_service_methods::Reinitialize, S>(cx, arguments)
    }

    /// It is to stop.
    pub fn shutdown<S: 'static>(&self, cx: &mut Context<'_, S>) -> oneloop::Result<()> {
        let arguments = facebook_service_methods::ShutdownArguments {};
        self.caller.send::<facebook_service_methods::Shutdown, S>(cx, arguments)
    }
}

/// Calls `FacebookService` and waits for the answer: for tools and tests.
#[derive(Debug)]
pub struct FacebookServiceBlocking<T = std::net::TcpStream> {
    /// What it calls by.
    pub caller: BlockingCaller<T>,
}

impl<T: std::io::Read + std::io::Write> FacebookServiceBlocking<T> {
    /// A client that calls by way of this caller.
    pub fn new(caller: BlockingCaller<T>) -> Self {
        Self { caller }
    }

    /// What the service is called.
    pub fn get_name(&mut self) -> Result<String, CallError<NoException>> {
        let arguments = facebook_service_methods::GetNameArguments {};
        self.caller.call::<facebook_service_methods::GetName>(arguments)
    }

    /// Which version of it this is.
    pub fn get_version(&mut self) -> Result<String, CallError<NoException>> {
        let arguments = facebook_service_methods::GetVersionArguments {};
        self.caller.call::<facebook_service_methods::GetVersion>(arguments)
    }

    pub fn get_status(&mut self) -> Result<FbStatus, CallError<NoException>> {
        let arguments = facebook_service_methods::GetStatusArguments {};
        self.caller.call::<facebook_service_methods::GetStatus>(arguments)
    }

    /// Why it is not alive, or what is wrong: for a person.
    pub fn get_status_details(&mut self) -> Result<String, CallError<NoException>> {
        let arguments = facebook_service_methods::GetStatusDetailsArguments {};
        self.caller.call::<facebook_service_methods::GetStatusDetails>(arguments)
    }

    pub fn get_counters(
        &mut self,
    ) -> Result<BTreeMap<String, i64>, CallError<NoException>> {
        let arguments = facebook_service_methods::GetCountersArguments {};
        self.caller.call::<facebook_service_methods::GetCounters>(arguments)
    }

    /// A counter that there is not is 0.
    pub fn get_counter(&mut self, key: String) -> Result<i64, CallError<NoException>> {
        let arguments = facebook_service_methods::GetCounterArguments {
            key,
        };
        self.caller.call::<facebook_service_methods::GetCounter>(arguments)
    }

    pub fn set_option(
        &mut self,
        key: String,
        value: String,
    ) -> Result<(), CallError<NoException>> {
        let arguments = facebook_service_methods::SetOptionArguments {
            key,
            value,
        };
        self.caller.call::<facebook_service_methods::SetOption>(arguments)
    }

    /// An option that there is not is empty.
    pub fn get_option(&mut self, key: String) -> Result<String, CallError<NoException>> {
        let arguments = facebook_service_methods::GetOptionArguments {
            key,
        };
        self.caller.call::<facebook_service_methods::GetOption>(arguments)
    }

    pub fn get_options(
        &mut self,
    ) -> Result<BTreeMap<String, String>, CallError<NoException>> {
        let arguments = facebook_service_methods::GetOptionsArguments {};
        self.caller.call::<facebook_service_methods::GetOptions>(arguments)
    }

    /// Where the time went during so many seconds, in a form that both ends know.
    pub fn get_cpu_profile(
        &mut self,
        profile_duration_in_sec: i32,
    ) -> Result<String, CallError<NoException>> {
        let arguments = facebook_service_methods::GetCpuProfileArguments {
            profile_duration_in_sec,
        };
        self.caller.call::<facebook_service_methods::GetCpuProfile>(arguments)
    }

    /// In seconds since 1970.
    pub fn alive_since(&mut self) -> Result<i64, CallError<NoException>> {
        let arguments = facebook_service_methods::AliveSinceArguments {};
        self.caller.call::<facebook_service_methods::AliveSince>(arguments)
    }

    /// It is to read its configuration anew.
    pub fn reinitialize(&mut self) -> Result<(), CallError<NoException>> {
        let arguments = facebook_service_methods::ReinitializeArguments {};
        self.caller.send::<facebook_service_methods::Reinitialize>(arguments)
    }

    /// It is to stop.
    pub fn shutdown(&mut self) -> Result<(), CallError<NoException>> {
        let arguments = facebook_service_methods::ShutdownArguments {};
        self.caller.send::<facebook_service_methods::Shutdown>(arguments)
    }
}

/// The methods of `FacebookService`: their arguments, results and exceptions.
pub mod facebook_service_methods {
    use std::collections::BTreeMap;

    use oneloop::thrift::{
        Kind, Locate, Method, NoException, ProtocolError, Read, Value, Write,
    };

    /// `FacebookService.getName`
    #[derive(Clone, Copy, Debug)]
    pub struct GetName;

    impl Method for GetName {
        const NAME: &'static str = "getName";
        const FULL_NAME: &'static str = "FacebookService.getName";
        const ONEWAY: bool = false;
        type Arguments = GetNameArguments;
        type Output = String;
        type Exception = NoException;
        type Result = GetNameResult;

        fn outcome(result: GetNameResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetName`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetNameArguments {}

    impl Value for GetNameArguments {
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

    /// What a reply to [`GetName`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetNameResult {
        pub success: Option<String>,
    }

    impl Value for GetNameResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input).at("FacebookService.getName", "success")?,
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
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<String, NoException>> for GetNameResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.getVersion`
    #[derive(Clone, Copy, Debug)]
    pub struct GetVersion;

    impl Method for GetVersion {
        const NAME: &'static str = "getVersion";
        const FULL_NAME: &'static str = "FacebookService.getVersion";
        const ONEWAY: bool = false;
        type Arguments = GetVersionArguments;
        type Output = String;
        type Exception = NoException;
        type Result = GetVersionResult;

        fn outcome(result: GetVersionResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetVersion`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetVersionArguments {}

    impl Value for GetVersionArguments {
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

    /// What a reply to [`GetVersion`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetVersionResult {
        pub success: Option<String>,
    }

    impl Value for GetVersionResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.getVersion", "success")?,
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
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<String, NoException>> for GetVersionResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.getStatus`
    #[derive(Clone, Copy, Debug)]
    pub struct GetStatus;

    impl Method for GetStatus {
        const NAME: &'static str = "getStatus";
        const FULL_NAME: &'static str = "FacebookService.getStatus";
        const ONEWAY: bool = false;
        type Arguments = GetStatusArguments;
        type Output = super::FbStatus;
        type Exception = NoException;
        type Result = GetStatusResult;

        fn outcome(
            result: GetStatusResult,
        ) -> Option<Result<super::FbStatus, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetStatus`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetStatusArguments {}

    impl Value for GetStatusArguments {
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

    /// What a reply to [`GetStatus`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetStatusResult {
        pub success: Option<super::FbStatus>,
    }

    impl Value for GetStatusResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I32) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.getStatus", "success")?,
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

    impl From<Result<super::FbStatus, NoException>> for GetStatusResult {
        fn from(outcome: Result<super::FbStatus, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.getStatusDetails`
    #[derive(Clone, Copy, Debug)]
    pub struct GetStatusDetails;

    impl Method for GetStatusDetails {
        const NAME: &'static str = "getStatusDetails";
        const FULL_NAME: &'static str = "FacebookService.getStatusDetails";
        const ONEWAY: bool = false;
        type Arguments = GetStatusDetailsArguments;
        type Output = String;
        type Exception = NoException;
        type Result = GetStatusDetailsResult;

        fn outcome(
            result: GetStatusDetailsResult,
        ) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetStatusDetails`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetStatusDetailsArguments {}

    impl Value for GetStatusDetailsArguments {
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

    /// What a reply to [`GetStatusDetails`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetStatusDetailsResult {
        pub success: Option<String>,
    }

    impl Value for GetStatusDetailsResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.getStatusDetails", "success")?,
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
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<String, NoException>> for GetStatusDetailsResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.getCounters`
    #[derive(Clone, Copy, Debug)]
    pub struct GetCounters;

    impl Method for GetCounters {
        const NAME: &'static str = "getCounters";
        const FULL_NAME: &'static str = "FacebookService.getCounters";
        const ONEWAY: bool = false;
        type Arguments = GetCountersArguments;
        type Output = BTreeMap<String, i64>;
        type Exception = NoException;
        type Result = GetCountersResult;

        fn outcome(
            result: GetCountersResult,
        ) -> Option<Result<BTreeMap<String, i64>, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetCounters`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetCountersArguments {}

    impl Value for GetCountersArguments {
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

    /// What a reply to [`GetCounters`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetCountersResult {
        pub success: Option<BTreeMap<String, i64>>,
    }

    impl Value for GetCountersResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Map) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.getCounters", "success")?,
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
                output.field(&mut fields, 0, Kind::Map);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<BTreeMap<String, i64>, NoException>> for GetCountersResult {
        fn from(outcome: Result<BTreeMap<String, i64>, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.getCounter`
    #[derive(Clone, Copy, Debug)]
    pub struct GetCounter;

    impl Method for GetCounter {
        const NAME: &'static str = "getCounter";
        const FULL_NAME: &'static str = "FacebookService.getCounter";
        const ONEWAY: bool = false;
        type Arguments = GetCounterArguments;
        type Output = i64;
        type Exception = NoException;
        type Result = GetCounterResult;

        fn outcome(result: GetCounterResult) -> Option<Result<i64, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetCounter`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetCounterArguments {
        pub key: String,
    }

    impl Value for GetCounterArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { key: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.key = Value::read(input)
                            .at("FacebookService.getCounter", "key")?;
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
            self.key.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`GetCounter`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetCounterResult {
        pub success: Option<i64>,
    }

    impl Value for GetCounterResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I64) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.getCounter", "success")?,
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
                output.field(&mut fields, 0, Kind::I64);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i64, NoException>> for GetCounterResult {
        fn from(outcome: Result<i64, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.setOption`
    #[derive(Clone, Copy, Debug)]
    pub struct SetOption;

    impl Method for SetOption {
        const NAME: &'static str = "setOption";
        const FULL_NAME: &'static str = "FacebookService.setOption";
        const ONEWAY: bool = false;
        type Arguments = SetOptionArguments;
        type Output = ();
        type Exception = NoException;
        type Result = SetOptionResult;

        fn outcome(_: SetOptionResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`SetOption`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct SetOptionArguments {
        pub key: String,
        pub value: String,
    }

    impl Value for SetOptionArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self {
                key: String::new(),
                value: String::new(),
            };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.key = Value::read(input)
                            .at("FacebookService.setOption", "key")?;
                    }
                    (2, Kind::String) => {
                        this.value = Value::read(input)
                            .at("FacebookService.setOption", "value")?;
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
            self.key.write(output)?;
            output.field(&mut fields, 2, Kind::String);
            self.value.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`SetOption`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SetOptionResult {}

    impl Value for SetOptionResult {
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

    impl From<Result<(), NoException>> for SetOptionResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.getOption`
    #[derive(Clone, Copy, Debug)]
    pub struct GetOption;

    impl Method for GetOption {
        const NAME: &'static str = "getOption";
        const FULL_NAME: &'static str = "FacebookService.getOption";
        const ONEWAY: bool = false;
        type Arguments = GetOptionArguments;
        type Output = String;
        type Exception = NoException;
        type Result = GetOptionResult;

        fn outcome(result: GetOptionResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetOption`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetOptionArguments {
        pub key: String,
    }

    impl Value for GetOptionArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { key: String::new() };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::String) => {
                        this.key = Value::read(input)
                            .at("FacebookService.getOption", "key")?;
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
            self.key.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`GetOption`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetOptionResult {
        pub success: Option<String>,
    }

    impl Value for GetOptionResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.getOption", "success")?,
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
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<String, NoException>> for GetOptionResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.getOptions`
    #[derive(Clone, Copy, Debug)]
    pub struct GetOptions;

    impl Method for GetOptions {
        const NAME: &'static str = "getOptions";
        const FULL_NAME: &'static str = "FacebookService.getOptions";
        const ONEWAY: bool = false;
        type Arguments = GetOptionsArguments;
        type Output = BTreeMap<String, String>;
        type Exception = NoException;
        type Result = GetOptionsResult;

        fn outcome(
            result: GetOptionsResult,
        ) -> Option<Result<BTreeMap<String, String>, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetOptions`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetOptionsArguments {}

    impl Value for GetOptionsArguments {
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

    /// What a reply to [`GetOptions`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetOptionsResult {
        pub success: Option<BTreeMap<String, String>>,
    }

    impl Value for GetOptionsResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::Map) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.getOptions", "success")?,
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
                output.field(&mut fields, 0, Kind::Map);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<BTreeMap<String, String>, NoException>> for GetOptionsResult {
        fn from(outcome: Result<BTreeMap<String, String>, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.getCpuProfile`
    #[derive(Clone, Copy, Debug)]
    pub struct GetCpuProfile;

    impl Method for GetCpuProfile {
        const NAME: &'static str = "getCpuProfile";
        const FULL_NAME: &'static str = "FacebookService.getCpuProfile";
        const ONEWAY: bool = false;
        type Arguments = GetCpuProfileArguments;
        type Output = String;
        type Exception = NoException;
        type Result = GetCpuProfileResult;

        fn outcome(result: GetCpuProfileResult) -> Option<Result<String, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`GetCpuProfile`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct GetCpuProfileArguments {
        pub profile_duration_in_sec: i32,
    }

    impl Value for GetCpuProfileArguments {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { profile_duration_in_sec: 0 };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (1, Kind::I32) => {
                        this.profile_duration_in_sec = Value::read(input)
                            .at("FacebookService.getCpuProfile", "profileDurationInSec")?;
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
            self.profile_duration_in_sec.write(output)?;
            output.end_struct(fields);
            Ok(())
        }
    }

    /// What a reply to [`GetCpuProfile`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetCpuProfileResult {
        pub success: Option<String>,
    }

    impl Value for GetCpuProfileResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::String) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.getCpuProfile", "success")?,
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
                output.field(&mut fields, 0, Kind::String);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<String, NoException>> for GetCpuProfileResult {
        fn from(outcome: Result<String, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.aliveSince`
    #[derive(Clone, Copy, Debug)]
    pub struct AliveSince;

    impl Method for AliveSince {
        const NAME: &'static str = "aliveSince";
        const FULL_NAME: &'static str = "FacebookService.aliveSince";
        const ONEWAY: bool = false;
        type Arguments = AliveSinceArguments;
        type Output = i64;
        type Exception = NoException;
        type Result = AliveSinceResult;

        fn outcome(result: AliveSinceResult) -> Option<Result<i64, NoException>> {
            result.success.map(Ok)
        }
    }

    /// The arguments of [`AliveSince`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct AliveSinceArguments {}

    impl Value for AliveSinceArguments {
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

    /// What a reply to [`AliveSince`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct AliveSinceResult {
        pub success: Option<i64>,
    }

    impl Value for AliveSinceResult {
        const KIND: Kind = Kind::Struct;

        fn read<'a, R: Read<'a>>(input: &mut R) -> Result<Self, ProtocolError> {
            let mut this = Self { success: None };
            let mut fields = input.begin_struct()?;
            while let Some(field) = input.field(&mut fields)? {
                match (field.id, field.kind) {
                    (0, Kind::I64) => {
                        this.success = Some(
                            Value::read(input)
                                .at("FacebookService.aliveSince", "success")?,
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
                output.field(&mut fields, 0, Kind::I64);
                value.write(output)?;
            }
            output.end_struct(fields);
            Ok(())
        }
    }

    impl From<Result<i64, NoException>> for AliveSinceResult {
        fn from(outcome: Result<i64, NoException>) -> Self {
            match outcome {
                Ok(value) => Self { success: Some(value) },
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.reinitialize`
    #[derive(Clone, Copy, Debug)]
    pub struct Reinitialize;

    impl Method for Reinitialize {
        const NAME: &'static str = "reinitialize";
        const FULL_NAME: &'static str = "FacebookService.reinitialize";
        const ONEWAY: bool = true;
        type Arguments = ReinitializeArguments;
        type Output = ();
        type Exception = NoException;
        type Result = ReinitializeResult;

        fn outcome(_: ReinitializeResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Reinitialize`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct ReinitializeArguments {}

    impl Value for ReinitializeArguments {
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

    /// What a reply to [`Reinitialize`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ReinitializeResult {}

    impl Value for ReinitializeResult {
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

    impl From<Result<(), NoException>> for ReinitializeResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }

    /// `FacebookService.shutdown`
    #[derive(Clone, Copy, Debug)]
    pub struct Shutdown;

    impl Method for Shutdown {
        const NAME: &'static str = "shutdown";
        const FULL_NAME: &'static str = "FacebookService.shutdown";
        const ONEWAY: bool = true;
        type Arguments = ShutdownArguments;
        type Output = ();
        type Exception = NoException;
        type Result = ShutdownResult;

        fn outcome(_: ShutdownResult) -> Option<Result<(), NoException>> {
            Some(Ok(()))
        }
    }

    /// The arguments of [`Shutdown`].
    #[derive(Clone, Debug, PartialEq)]
    pub struct ShutdownArguments {}

    impl Value for ShutdownArguments {
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

    /// What a reply to [`Shutdown`] says: one of these.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ShutdownResult {}

    impl Value for ShutdownResult {
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

    impl From<Result<(), NoException>> for ShutdownResult {
        fn from(outcome: Result<(), NoException>) -> Self {
            match outcome {
                Ok(()) => Self {},
                Err(never) => match never {}
            }
        }
    }
}
