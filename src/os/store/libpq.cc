#include "os/store/libpq.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <stdexcept>

namespace quotawatch::os {
namespace {

constexpr const char* library_name = "libpq.so.5";

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) throw std::runtime_error(fmt::format("{} has no {}", library_name, name));
}

Libpq load() {
  void* const library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw std::runtime_error(fmt::format("{} is missing (package libpq5)", library_name));
  }
  Libpq functions{};
  find(library, "PQbackendPID", functions.PQbackendPID);
  find(library, "PQclear", functions.PQclear);
  find(library, "PQconnectPoll", functions.PQconnectPoll);
  find(library, "PQconnectStartParams", functions.PQconnectStartParams);
  find(library, "PQconninfoFree", functions.PQconninfoFree);
  find(library, "PQconninfoParse", functions.PQconninfoParse);
  find(library, "PQconsumeInput", functions.PQconsumeInput);
  find(library, "PQdb", functions.PQdb);
  find(library, "PQerrorMessage", functions.PQerrorMessage);
  find(library, "PQfinish", functions.PQfinish);
  find(library, "PQflush", functions.PQflush);
  find(library, "PQfreemem", functions.PQfreemem);
  find(library, "PQgetResult", functions.PQgetResult);
  find(library, "PQgetvalue", functions.PQgetvalue);
  find(library, "PQhost", functions.PQhost);
  find(library, "PQisBusy", functions.PQisBusy);
  find(library, "PQnfields", functions.PQnfields);
  find(library, "PQnotifies", functions.PQnotifies);
  find(library, "PQntuples", functions.PQntuples);
  find(library, "PQresultErrorField", functions.PQresultErrorField);
  find(library, "PQresultErrorMessage", functions.PQresultErrorMessage);
  find(library, "PQresultStatus", functions.PQresultStatus);
  find(library, "PQsendQueryParams", functions.PQsendQueryParams);
  find(library, "PQsetNoticeProcessor", functions.PQsetNoticeProcessor);
  find(library, "PQsetnonblocking", functions.PQsetnonblocking);
  find(library, "PQsocket", functions.PQsocket);
  find(library, "PQstatus", functions.PQstatus);
  find(library, "PQuser", functions.PQuser);
  return functions;
}

}  // namespace

const Libpq& libpq() {
  static const Libpq loaded = load();
  return loaded;
}

}  // namespace quotawatch::os
