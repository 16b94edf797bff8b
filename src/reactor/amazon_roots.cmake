# Writes amazon_roots.cpp into the build folder, again whenever the certificates' package changes.
set(amazon_roots "")
foreach(root
    Amazon_Root_CA_1
    Amazon_Root_CA_2
    Amazon_Root_CA_3
    Amazon_Root_CA_4
    Starfield_Services_Root_Certificate_Authority_-_G2)
  set(file /usr/share/ca-certificates/mozilla/${root}.crt)
  file(READ ${file} certificate)
  string(APPEND amazon_roots "${certificate}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/amazon_roots.cpp.in
               ${PROJECT_BINARY_DIR}/reactor/amazon_roots.cpp @ONLY)
target_sources(reactor PRIVATE ${PROJECT_BINARY_DIR}/reactor/amazon_roots.cpp)
