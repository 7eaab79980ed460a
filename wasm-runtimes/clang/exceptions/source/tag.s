# The tag of all C++ exceptions; each object file only refers to it.
	.globl	__cpp_exception
	.tagtype	__cpp_exception i32
__cpp_exception:
