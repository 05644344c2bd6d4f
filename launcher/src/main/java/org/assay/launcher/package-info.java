/**
 * What runs inside the JVM of the tests: discovers JUnit tests, or runs them in exactly one order,
 * and says in a file what happens as it happens. Java 8, and nothing on the class path but the
 * subject's own JUnit.
 */
package org.assay.launcher;
