//! The cloud on this machine: the Lambda binaries, driven by a runtime API of our own, against stand-ins of AWS and of the vendors.

mod api;
mod duplicates;
mod events;
mod killed;
mod runtime;
#[expect(dead_code, reason = "the library's tests use the rest of it")]
mod stand_in;
mod troubles;
mod weekday;
mod world;
