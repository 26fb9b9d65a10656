//! What mutations answer: the thing as it is now, and the rules the input broke.

/// Declares payloads with one field and `userErrors`, each built from its use case's outcome.
macro_rules! payloads {
    ($model:ty => $wrap:path as $field:ident: $type:ty, $field_doc:literal; $($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(::async_graphql::SimpleObject)]
        struct $name {
            #[doc = $field_doc]
            $field: Option<$type>,
            /// Broken rules, each at its field.
            user_errors: Vec<$crate::graphql::error::UserError>,
        }

        impl $name {
            fn new(
                request: &$crate::context::Context,
                outcome: ::std::result::Result<$model, $crate::error::DomainError>,
            ) -> ::async_graphql::Result<Self> {
                let (done, user_errors) = $crate::graphql::error::split(request, outcome)?;
                Ok(Self {
                    $field: done.map($wrap),
                    user_errors,
                })
            }
        }
    )+};
}

/// Declares inputs that name a thing and the version the caller read, decoded to a use case's input.
macro_rules! versioned_inputs {
    ($input:ty, $field:ident, $field_name:literal, $field_doc:literal; $($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(::async_graphql::InputObject)]
        struct $name {
            #[doc = $field_doc]
            $field: ::async_graphql::ID,
            /// The version you read.
            expected_version: i32,
        }

        impl $name {
            fn decode(&self) -> ::std::result::Result<$input, $crate::error::Violation> {
                type Input = $input;
                Ok(Input {
                    id: $crate::graphql::id::decode(&self.$field, $field_name)?,
                    expected_version: self.expected_version,
                })
            }
        }
    )+};
}

/// What an optional input field means for a use case: absent stays, null empties, a value replaces.
pub(super) fn change<T>(field: async_graphql::MaybeUndefined<T>) -> Option<Option<T>> {
    match field {
        async_graphql::MaybeUndefined::Undefined => None,
        async_graphql::MaybeUndefined::Null => Some(None),
        async_graphql::MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

pub(super) use {payloads, versioned_inputs};
