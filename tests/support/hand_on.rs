/// Within an implementation of `Reads`: these ports are those of the field.
#[macro_export]
macro_rules! hand_on {
    ($field:ident: $($port:ident -> $reader:ident,)+) => {
        $(fn $port(&self) -> &dyn $reader {
            self.$field.$port()
        })+
    };
}

/// Within an implementation of `Transaction`: these ports are those of the field.
#[macro_export]
macro_rules! hand_on_mut {
    ($field:ident: $($port:ident -> $writer:ident,)+) => {
        $(fn $port(&mut self) -> &mut dyn $writer {
            self.$field.$port()
        })+
    };
}
