/**
 * The typed run configuration, from HOCON. {@link org.assay.config.Section} is the one way to read
 * it: typed, with the key, value, rule and origin in every message, and an error for every key that
 * nobody asked for.
 */
package org.assay.config;
