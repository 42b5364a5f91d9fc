//! Memory that buffers hold from pair to pair, counted field by field, so that none is forgotten.

/// What holds memory.
pub trait HeldBytes {
    /// How much, in bytes, beyond its own size.
    fn held_bytes(&self) -> usize;
}

impl<T: HeldBytes> HeldBytes for Vec<T> {
    fn held_bytes(&self) -> usize {
        self.capacity() * size_of::<T>() + self.iter().map(HeldBytes::held_bytes).sum::<usize>()
    }
}

/// Says of types that they hold no memory beyond their own size.
macro_rules! hold_nothing {
    ($($type:ty),+ $(,)?) => {
        $(impl $crate::held::HeldBytes for $type {
            fn held_bytes(&self) -> usize {
                0
            }
        })+
    };
}
pub(crate) use hold_nothing;

hold_nothing!((), bool, u8, u32, u64, usize, i64, f64, (u32, u64), (usize, usize));

impl<T: HeldBytes, const N: usize> HeldBytes for [T; N] {
    fn held_bytes(&self) -> usize {
        self.iter().map(HeldBytes::held_bytes).sum()
    }
}

/// A struct of buffers, which are all empty by default; it holds what its fields hold.
#[macro_export]
macro_rules! buffers {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $($(#[$of_field:meta])* $field_visibility:vis $field:ident: $type:ty),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Default)]
        $visibility struct $name {
            $($(#[$of_field])* $field_visibility $field: $type,)*
        }

        impl $crate::held::HeldBytes for $name {
            fn held_bytes(&self) -> usize {
                0 $(+ $crate::held::HeldBytes::held_bytes(&self.$field))*
            }
        }
    };
}
