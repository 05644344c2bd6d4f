package org.assay.flaky;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an XML document with what could fill the memory of its reader cut out or refused:
 * character data and CDATA sections are cut after some bytes, comments and processing instructions
 * are left out, a tag that is too long or any document type declaration is an {@link IOException}.
 * What was well-formed stays so.
 *
 * <p>For encodings in which ASCII characters are their own bytes, such as UTF-8 and ISO 8859; a
 * document in UTF-16 is refused. Memory: one buffer.
 */
final class BoundedXml extends InputStream {
  private enum State {
    TEXT,
    TAG,
    CDATA
  }

  /** What a reference to a character by its number may have beyond the bound. */
  private static final int REFERENCE = 64;

  private final InputStream in;
  private final int mostText;
  private final int mostTag;
  private final byte[] buffer = new byte[1 << 14];
  private int position;
  private int limit;
  private State state = State.TEXT;

  /** The quote that a value in a tag began with; 0 outside of values. */
  private int quote;

  /** Bytes of the tag, or of the piece of text, so far. */
  private int length;

  /** Bytes to pass as they are: the rest of what was recognized. */
  private int pass;

  private boolean inReference;

  /** Whether the last character was kept: all bytes of a character are, or none. */
  private boolean kept;

  private boolean started;

  /**
   * A document.
   *
   * @param mostText bytes kept of a piece of character data
   * @param mostTag bytes a tag may have
   */
  BoundedXml(InputStream in, int mostText, int mostTag) {
    this.in = in;
    this.mostText = mostText;
    this.mostTag = mostTag;
  }

  @Override
  public int read() throws IOException {
    if (!started) {
      started = true;
      int first = peek(0);
      if (first == 0 || first == 0xFE || first == 0xFF) {
        throw new IOException("it is in UTF-16; convert it to UTF-8");
      }
    }
    while (true) {
      int b = peek(0);
      if (b < 0) {
        return b;
      }
      if (pass > 0) {
        pass--;
        position++;
        return b;
      }
      switch (state) {
        case TEXT -> {
          if (b != '<') {
            position++;
            if (keeps(b)) {
              return b;
            }
          } else if (follows("<!--")) {
            skipPast("<!--", "-->");
          } else if (follows("<![CDATA[")) {
            pass = "<![CDATA[".length();
            begin(State.CDATA);
          } else if (follows("<!")) {
            throw new IOException("it has a document type declaration, which is refused");
          } else if (follows("<?") && !follows("<?xml ")) {
            skipPast("<?", "?>");
          } else {
            begin(State.TAG);
          }
        }
        case CDATA -> {
          if (b == ']' && follows("]]>")) {
            pass = "]]>".length();
            begin(State.TEXT);
          } else {
            position++;
            if (keeps(b)) {
              return b;
            }
          }
        }
        case TAG -> {
          position++;
          if (++length > mostTag) {
            throw new IOException("it has a tag of more than " + mostTag + " bytes");
          }
          if (quote != 0) {
            quote = b == quote ? 0 : quote;
          } else if (b == '"' || b == '\'') {
            quote = b;
          } else if (b == '>') {
            begin(State.TEXT);
          }
          return b;
        }
      }
    }
  }

  private void begin(State next) {
    state = next;
    length = 0;
    quote = 0;
    inReference = false;
  }

  /** Whether a byte of text is kept. */
  private boolean keeps(int b) {
    if ((b & 0xC0) == 0x80) {
      return kept;
    }
    kept = length < mostText || inReference && length < mostText + REFERENCE;
    if (kept) {
      length++;
      inReference = state == State.TEXT && (b == '&' || inReference && b != ';');
    }
    return kept;
  }

  private boolean follows(String ascii) throws IOException {
    for (int i = 0; i < ascii.length(); i++) {
      if (peek(i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void skipPast(String opening, String closing) throws IOException {
    position += opening.length();
    while (peek(0) >= 0 && !follows(closing)) {
      position++;
    }
    for (int i = 0; i < closing.length() && peek(0) >= 0; i++) {
      position++;
    }
  }

  /** The byte so many places ahead; -1 beyond the end. */
  private int peek(int ahead) throws IOException {
    while (position + ahead >= limit) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      limit -= position;
      position = 0;
      int count = in.read(buffer, limit, buffer.length - limit);
      if (count < 0) {
        return -1;
      }
      limit += count;
    }
    return buffer[position + ahead] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    int filled = 0;
    while (filled < count) {
      int b = read();
      if (b < 0) {
        return filled == 0 ? -1 : filled;
      }
      bytes[from + filled++] = (byte) b;
    }
    return filled;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
