//! Named tests out of tables of cases.

/// Proves a store, or timelines, in one line: makes a module of this name with one test for each
/// case of [`anabranch::conformance`](mod@crate::conformance).
///
/// | line | proves |
/// |---|---|
/// | `conformance!(name, make)` | a whole [`Store`](crate::store::Store) |
/// | `conformance!(activities: name, make)` | an [`ActivityStore`](crate::store::ActivityStore) by itself |
/// | `conformance!(relations: name, make)` | a [`RelationStore`](crate::store::RelationStore) by itself |
/// | `conformance!(marks: name, make)` | a [`MarkStore`](crate::store::MarkStore) by itself |
/// | `conformance!(timelines: name, make)` | [`Timelines`](crate::timelines::Timelines) |
///
/// `make` is anything that can be called as `Fn() -> S` and gives a new one each time, with nothing
/// in it: `Memory::new`, `|| Local::with_capacity(2)`. It is called outside the runtime. Two options
/// can follow, in this order:
///
/// * `block_on = …` runs a future to its end, for adapters that need a runtime: a path such as
///   `pollster::block_on`, or `|future| runtime().block_on(future)`. Without it, [`wait`](crate::wait())
///   does. Several threads call it at once.
/// * `reopen = …`, for a whole store that lasts: called as `Fn(S) -> S`, it closes the store and opens
///   it again. Only where it is given, the cases of reopening are run.
///
/// ```
/// use anabranch::store::Memory;
/// use anabranch::timelines::Local;
///
/// anabranch::conformance!(memory, Memory::new);
/// anabranch::conformance!(marks: marks_of_memory, Memory::new, block_on = anabranch::wait);
/// anabranch::conformance!(timelines: local, || Local::with_capacity(2));
/// anabranch::conformance!(
///     lasting,
///     Memory::new,
///     block_on = |future| anabranch::wait(future),
///     reopen = |store| store,
/// );
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! conformance {
    (activities: $name:ident, $make:expr $(, block_on = $block_on:expr)? $(,)?) => {
        $crate::__tests!($name [__activity_cases] [activities ($make) [$($block_on)?] []]);
    };
    (relations: $name:ident, $make:expr $(, block_on = $block_on:expr)? $(,)?) => {
        $crate::__tests!($name [__relation_cases] [relations ($make) [$($block_on)?] []]);
    };
    (marks: $name:ident, $make:expr $(, block_on = $block_on:expr)? $(,)?) => {
        $crate::__tests!($name [__mark_cases] [marks ($make) [$($block_on)?] []]);
    };
    (timelines: $name:ident, $make:expr $(, block_on = $block_on:expr)? $(,)?) => {
        $crate::__tests!($name [__timeline_cases] [timelines ($make) [$($block_on)?] []]);
    };
    ($name:ident, $make:expr $(, block_on = $block_on:expr)? $(,)?) => {
        $crate::__tests!(
            $name
            [__activity_cases __relation_cases __mark_cases __whole_cases]
            [store ($make) [$($block_on)?] []]
        );
    };
    ($name:ident, $make:expr $(, block_on = $block_on:expr)?, reopen = $reopen:expr $(,)?) => {
        $crate::__tests!(
            $name
            [__activity_cases __relation_cases __mark_cases __whole_cases __reopening_cases]
            [store ($make) [$($block_on)?] [$reopen]]
        );
    };
}

/// A module with the tests of some tables.
#[doc(hidden)]
#[macro_export]
macro_rules! __tests {
    ($name:ident [$($table:ident)+] $context:tt) => {
        #[cfg(test)]
        mod $name {
            // `make` and the options are written as if they stood beside this module.
            #[allow(unused_imports)]
            use super::*;

            $crate::__tables!($context $($table)+);
        }
    };
}

/// One table after the other: a repetition cannot hold what all its turns share.
#[doc(hidden)]
#[macro_export]
macro_rules! __tables {
    ($context:tt) => {};
    ($context:tt $table:ident $($rest:ident)*) => {
        $crate::$table!([$crate::__named_tests] $context);
        $crate::__tables!($context $($rest)*);
    };
}

/// One test for each case of a table.
#[doc(hidden)]
#[macro_export]
macro_rules! __named_tests {
    ($context:tt $($kind:ident $module:ident::$name:ident: $rule:literal, $seen:literal;)+) => {
        $(
            #[test]
            fn $name() -> ::std::result::Result<(), $crate::conformance::Failure> {
                $crate::__suite!($context).check(::std::stringify!($name))
            }
        )+
    };
}

/// The suite that the arguments of `conformance!` describe.
#[doc(hidden)]
#[macro_export]
macro_rules! __suite {
    ([$part:ident ($make:expr) [] []]) => {
        $crate::conformance::$part($make)
    };
    ([$part:ident ($make:expr) [$block_on:expr] []]) => {
        // Called in a closure, so that it may be a generic function.
        $crate::conformance::$part($make).block_on(|future| ($block_on)(future))
    };
    ([$part:ident ($make:expr) [$($block_on:expr)?] [$reopen:expr]]) => {
        $crate::__suite!([$part ($make) [$($block_on)?] []]).reopen($reopen)
    };
}

/// The cases of a table, to be run.
macro_rules! registered {
    ([] $($kind:ident $module:ident::$name:ident: $rule:literal, $seen:literal;)+) => {
        vec![$($crate::conformance::suite::Case {
            name: stringify!($name),
            rule: $rule,
            seen: $seen,
            run: registered!($kind $module::$name),
        }),+]
    };
    (future $module:ident::$name:ident) => {
        $crate::conformance::suite::Run::Async(|store| Box::pin($module::$name(store)))
    };
    (alone $module:ident::$name:ident) => {
        $crate::conformance::suite::Run::Alone($module::$name)
    };
}
pub(crate) use registered;
