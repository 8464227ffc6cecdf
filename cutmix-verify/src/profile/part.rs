//! One table makes an enum of parts: each with the codes by which the auditor calls it.

macro_rules! parts {
    ($(#[$doc:meta])* $list:ident; $($part:ident [$($code:ident)*] $what:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $list {
            $(#[doc = $what] $part,)*
        }

        impl $list {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$part),*];

            /// The findings that it causes; none for what is right.
            #[must_use]
            pub const fn codes(self) -> &'static [$crate::profile::Code] {
                match self { $(Self::$part => &[$($crate::profile::Code::$code),*],)* }
            }
        }
    };
}

pub(super) use parts;
