//! The cloud on this machine: the Lambda binaries, driven by a runtime API of our own, against stand-ins of AWS and of the vendors.

mod duplicates;
mod events;
mod killed;
mod runtime;
mod stand_in;
mod troubles;
mod weekday;
mod world;
