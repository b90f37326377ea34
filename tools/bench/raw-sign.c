/* Signs in a loop on one session through PKCS#11 and prints signatures per second: the limit that everything else is
 * measured against. Usage: raw-sign MODULE SERIAL LABEL MECHANISM(hex) INPUT_BYTES SECONDS, PIN in ORIGINSIGN_BENCH_PIN. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#define CK_PTR *
#define CK_DECLARE_FUNCTION(returnType, name) returnType name
#define CK_DECLARE_FUNCTION_POINTER(returnType, name) returnType(*name)
#define CK_CALLBACK_FUNCTION(returnType, name) returnType(*name)
#ifndef NULL_PTR
#define NULL_PTR 0
#endif
#include "pkcs11.h"

static void check(CK_RV rv, const char *what) {
  if (rv == CKR_OK) return;
  fprintf(stderr, "%s: 0x%lx\n", what, (unsigned long)rv);
  exit(1);
}

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static CK_SLOT_ID find_slot(CK_FUNCTION_LIST_PTR p11, const char *serial) {
  CK_SLOT_ID slots[64];
  CK_ULONG count = 64;
  check(p11->C_GetSlotList(CK_TRUE, slots, &count), "C_GetSlotList");
  for (CK_ULONG i = 0; i < count; i++) {
    CK_TOKEN_INFO info;
    if (p11->C_GetTokenInfo(slots[i], &info) == CKR_OK &&
        strncmp((const char *)info.serialNumber, serial, strlen(serial)) == 0)
      return slots[i];
  }
  fprintf(stderr, "no token with that serial\n");
  exit(1);
}

static CK_OBJECT_HANDLE find_key(CK_FUNCTION_LIST_PTR p11, CK_SESSION_HANDLE session, char *label) {
  CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE template[] = {{CKA_CLASS, &private_key, sizeof private_key}, {CKA_LABEL, label, strlen(label)}};
  CK_OBJECT_HANDLE key = 0;
  CK_ULONG found = 0;
  check(p11->C_FindObjectsInit(session, template, 2), "C_FindObjectsInit");
  check(p11->C_FindObjects(session, &key, 1, &found), "C_FindObjects");
  check(p11->C_FindObjectsFinal(session), "C_FindObjectsFinal");
  if (found != 1) {
    fprintf(stderr, "no such key\n");
    exit(1);
  }
  return key;
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  void *module = dlopen(argv[1], RTLD_NOW);
  if (module == NULL) return 2;
  CK_RV (*get_list)(CK_FUNCTION_LIST_PTR_PTR) = (CK_RV(*)(CK_FUNCTION_LIST_PTR_PTR))dlsym(module, "C_GetFunctionList");
  CK_FUNCTION_LIST_PTR p11;
  check(get_list(&p11), "C_GetFunctionList");
  check(p11->C_Initialize(NULL_PTR), "C_Initialize");
  CK_SESSION_HANDLE session;
  check(p11->C_OpenSession(find_slot(p11, argv[2]), CKF_SERIAL_SESSION, NULL_PTR, NULL_PTR, &session), "C_OpenSession");
  char *pin = getenv("ORIGINSIGN_BENCH_PIN");
  if (pin == NULL) return 2;
  check(p11->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)), "C_Login");
  CK_OBJECT_HANDLE key = find_key(p11, session, argv[3]);
  CK_MECHANISM mechanism = {strtoul(argv[4], NULL, 16), NULL_PTR, 0};
  CK_BYTE input[512] = {0x5a}, signature[1024];
  CK_ULONG input_length = strtoul(argv[5], NULL, 10);
  double start = now(), end = start + atof(argv[6]), at = start;
  unsigned long count = 0;
  while (at < end) {
    CK_ULONG length = sizeof signature;
    check(p11->C_SignInit(session, &mechanism, key), "C_SignInit");
    check(p11->C_Sign(session, input, input_length, signature, &length), "C_Sign");
    count++;
    at = now();
  }
  printf("%.2f\n", (double)count / (at - start));
  p11->C_Finalize(NULL_PTR);
  return 0;
}
