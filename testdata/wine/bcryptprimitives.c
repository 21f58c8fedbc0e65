/* What Go's runtime asks of bcryptprimitives.dll, for a Wine that lacks it: random bytes.
   make windows puts it into the prefix of Wine that the tests run in. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T n) { return RtlGenRandom(buffer, (ULONG)n); }
