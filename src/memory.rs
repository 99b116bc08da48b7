//! Allocations in, memory out: the system's allocator, which asks for huge pages for what is large.
//!
//! A language model reads all its weights for every word it writes. In pages of 4 KiB the processor spends part of that time
//! looking up where they lie; most systems give 2 MiB pages only to those who ask (madvise(2), MADV_HUGEPAGE).

use std::alloc::{GlobalAlloc, Layout, System};

pub struct HugePages;

const PAGE: usize = 2 << 20;
/// Smaller things would waste more than they gain.
const LARGE: usize = 2 * PAGE;

fn aligned(layout: Layout) -> Layout {
    match layout.size() >= LARGE && layout.align() < PAGE {
        true => Layout::from_size_align(layout.size(), PAGE).unwrap_or(layout),
        false => layout,
    }
}

fn advise(at: *mut u8, size: usize) {
    #[cfg(target_os = "linux")]
    if !at.is_null() && size >= LARGE {
        // Safety: the range was just allocated; the call changes how it is paged, not what is in it. Refusal is no harm.
        unsafe { libc::madvise(at.cast(), size / PAGE * PAGE, libc::MADV_HUGEPAGE) };
    }
}

// Safety: every block comes from `System` and goes back to it with the layout `aligned` makes of its own.
unsafe impl GlobalAlloc for HugePages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let at = unsafe { System.alloc(aligned(layout)) };
        advise(at, layout.size());
        at
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.size() < LARGE {
            return unsafe { System.alloc_zeroed(layout) };
        }
        let at = unsafe { self.alloc(layout) };
        if !at.is_null() {
            unsafe { at.write_bytes(0, layout.size()) };
        }
        at
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, aligned(layout)) };
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.size() < LARGE && size < LARGE {
            return unsafe { System.realloc(at, layout, size) };
        }
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return std::ptr::null_mut() };
        let fresh = unsafe { self.alloc(wanted) };
        if !fresh.is_null() {
            unsafe {
                fresh.copy_from_nonoverlapping(at, layout.size().min(size));
                self.dealloc(at, layout);
            }
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_what_is_in_them_while_they_grow_and_shrink() {
        let mut size = 1 << 20;
        let mut layout = Layout::from_size_align(size, 8).expect("a layout");
        unsafe {
            let mut at = HugePages.alloc_zeroed(layout);
            *at.add(1_000) = 7;
            for next in [LARGE - 1, LARGE, 3 * LARGE + 5, LARGE + 1, 2_000] {
                at = HugePages.realloc(at, layout, next);
                assert!(!at.is_null() && *at.add(1_000) == 7 && *at.add(999) == 0, "{size} to {next}");
                size = next;
                layout = Layout::from_size_align(size, 8).expect("a layout");
            }
            HugePages.dealloc(at, layout);
            let large = Layout::from_size_align(LARGE, 8).expect("a layout");
            let at = HugePages.alloc_zeroed(large);
            assert!(at.addr().is_multiple_of(PAGE) && *at == 0 && *at.add(LARGE - 1) == 0);
            HugePages.dealloc(at, large);
        }
    }
}
