package org.assay.jobs;

import java.util.List;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.jobs.frame.Columns;

/**
 * One kind of job. To add one, write one class with {@code @AutoService(Job.class)} and a public
 * constructor without arguments.
 */
public interface Job {

  /** The {@code job} key's value. */
  String kind();

  /**
   * Reads a job's section to its end, without looking at data.
   *
   * @throws org.assay.UserException if anything in it is wrong
   */
  Step read(RunConfig.JobConfig job, RunConfig config);

  /** A job that has been read. */
  interface Step {

    /** Its name in reports. */
    String name();

    /** The data set it works on; null when it works on none. */
    DataConfig data();

    /** Data sets with the same models and columns that it works on besides. */
    default List<DataConfig> furtherData() {
      return List.of();
    }

    /** The models it works with. */
    List<ModelConfig> models();

    /** Columns of the data that it reads besides those of its models and slices. */
    default Columns columns() {
      return Columns.NONE;
    }

    /**
     * Checks everything that needs the data, and says what would run, a line each.
     *
     * @throws org.assay.UserException if the data do not allow what is asked
     */
    List<String> explain(RunContext context);

    /** Runs it and adds its rows to the report. */
    void run(RunContext context);
  }
}
