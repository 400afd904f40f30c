// Generated from const_texts.thrift by oneloop-idl. Changes will be lost.

use oneloop::thrift::Uuid;

pub const A: &str = "double \"quoted\"";
pub const B: &str = "single \"quoted\" ' \\";
pub const C: &str = "\r\n\t";
pub const D: &str = "";
pub const E: &[u8] = b"bytes \xc3\xa9";
pub const F: Uuid = Uuid(0x00112233445566778899aabbccddeeff_u128.to_be_bytes());
pub const G: Uuid = Uuid(0x00112233445566778899aabbccddeeff_u128.to_be_bytes());
