// The functions of libpq, which is loaded when the first of them is needed: with what it needs itself (TLS, Kerberos)
// it would double the time in which any command starts, and `quotawatch hook` has 5 ms.
//
// For postgres_connection.cc only.
#pragma once

#include <libpq-fe.h>

namespace quotawatch::os {

// Throws std::runtime_error if this machine has no libpq, or one without this function.
void* find_in_libpq(const char* name);

#define QUOTAWATCH_LIBPQ(name) decltype(&::name) name = reinterpret_cast<decltype(&::name)>(find_in_libpq(#name))

struct Libpq {
  QUOTAWATCH_LIBPQ(PQbackendPID);
  QUOTAWATCH_LIBPQ(PQclear);
  QUOTAWATCH_LIBPQ(PQconnectPoll);
  QUOTAWATCH_LIBPQ(PQconnectStartParams);
  QUOTAWATCH_LIBPQ(PQconninfoFree);
  QUOTAWATCH_LIBPQ(PQconninfoParse);
  QUOTAWATCH_LIBPQ(PQconsumeInput);
  QUOTAWATCH_LIBPQ(PQdb);
  QUOTAWATCH_LIBPQ(PQerrorMessage);
  QUOTAWATCH_LIBPQ(PQfinish);
  QUOTAWATCH_LIBPQ(PQflush);
  QUOTAWATCH_LIBPQ(PQfreemem);
  QUOTAWATCH_LIBPQ(PQgetResult);
  QUOTAWATCH_LIBPQ(PQgetvalue);
  QUOTAWATCH_LIBPQ(PQhost);
  QUOTAWATCH_LIBPQ(PQisBusy);
  QUOTAWATCH_LIBPQ(PQnfields);
  QUOTAWATCH_LIBPQ(PQnotifies);
  QUOTAWATCH_LIBPQ(PQntuples);
  QUOTAWATCH_LIBPQ(PQresultErrorField);
  QUOTAWATCH_LIBPQ(PQresultErrorMessage);
  QUOTAWATCH_LIBPQ(PQresultStatus);
  QUOTAWATCH_LIBPQ(PQsendQueryParams);
  QUOTAWATCH_LIBPQ(PQsetNoticeProcessor);
  QUOTAWATCH_LIBPQ(PQsetnonblocking);
  QUOTAWATCH_LIBPQ(PQsocket);
  QUOTAWATCH_LIBPQ(PQstatus);
  QUOTAWATCH_LIBPQ(PQuser);
};

#undef QUOTAWATCH_LIBPQ

// Loads it at the first call.
const Libpq& libpq();

}  // namespace quotawatch::os
