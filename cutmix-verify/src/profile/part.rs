//! One table makes an enum of parts: each with its name, and the codes by which the auditor calls it.

macro_rules! parts {
    ($(#[$doc:meta])* $list:ident; $($part:ident $name:literal [$($code:ident)*] $what:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $list {
            $(#[doc = $what] $part,)*
        }

        impl $list {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$part),*];

            /// What it is called.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$part => $name,)* }
            }

            /// The findings that it causes; none for what is right.
            #[must_use]
            pub const fn codes(self) -> &'static [$crate::profile::Code] {
                match self { $(Self::$part => &[$($crate::profile::Code::$code),*],)* }
            }
        }
    };
}

pub(super) use parts;
