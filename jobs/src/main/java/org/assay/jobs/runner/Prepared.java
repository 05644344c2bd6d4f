package org.assay.jobs.runner;

import java.nio.file.Path;
import java.util.List;
import org.assay.order.Suite;

/**
 * A suite that is ready to run on any machine.
 *
 * @param suite its tests, in the order in which its own tool would run them
 * @param project the folder of the project, on the driver
 * @param harness how an order is run
 * @param tree a {@link Pack} of the work tree, which every order gets a fresh copy of
 * @param library a {@link Pack} of what is only read, such as jars; unpacked once per executor
 * @param fingerprint hash of what both hold, in hexadecimal digits
 * @param unloadable what looked like a test and could not be loaded, each with the reason
 * @param notes for people: what was found, what to heed
 */
public record Prepared(
    Suite suite,
    Path project,
    Harness harness,
    Path tree,
    Path library,
    String fingerprint,
    List<String> unloadable,
    List<String> notes) {}
