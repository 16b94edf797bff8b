// The certificates that AWS's endpoints are signed under, as the program carries them.
#pragma once

#include <string_view>

namespace fas::reactor {

// The five roots of Amazon Trust Services, in PEM: Amazon Root CA 1 to 4 and Starfield Services
// Root Certificate Authority - G2, all that AWS recommends to those who choose their own roots.
// https://www.amazontrust.com/repository/
//
// Taken from Debian's ca-certificates when the program is built (amazon_roots.cmake).
std::string_view amazon_roots();

}  // namespace fas::reactor
