//! The allocator of this program: the system's, with the bytes counted that are out.
//!
//! Of the ready-made ones that were looked at, the smallest copies what is made longer and writes over what has to
//! be zero, so that the process takes other memory than without it.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

#[global_allocator]
static COUNTING: Counting = Counting;
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// The bytes that were asked for and not given back.
pub fn bytes() -> usize {
    BYTES.load(Ordering::Relaxed)
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came, and its answer goes back as it is; so what it
// promises holds here. Counting touches an atomic number only: it neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: that of this function.
        count(unsafe { System.alloc(layout) }, 0, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: that of this function.
        count(unsafe { System.alloc_zeroed(layout) }, 0, layout.size())
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: that of this function.
        count(
            unsafe { System.realloc(at, layout, size) },
            layout.size(),
            size,
        )
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: that of this function.
        unsafe { System.dealloc(at, layout) };
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
    }
}

/// Counts what was given in place of so many bytes, if anything was.
fn count(given: *mut u8, before: usize, now: usize) -> *mut u8 {
    if !given.is_null() {
        BYTES.fetch_add(now, Ordering::Relaxed);
        BYTES.fetch_sub(before, Ordering::Relaxed);
    }
    given
}
