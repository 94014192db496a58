// Jdbc.java: reads and filters the views for BI, then writes two marks.  See drivers.sh.
//
// Jdbc PUPIL KEYS: KEYS has VIEW.KEY words.
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Properties;
import java.util.Set;
import javax.net.SocketFactory;

public class Jdbc {
    /** What the views may have: the driver calls a type that it does not know OTHER. */
    private static final Set<Integer> KNOWN = Set.of(Types.INTEGER, Types.VARCHAR, Types.DATE, Types.NUMERIC);

    private static Connection connection;

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", System.getenv("PGUSER"));
        properties.setProperty("socketFactory", ToServer.class.getName());
        connection = DriverManager.getConnection(
            "jdbc:postgresql://localhost/" + System.getenv("PGDATABASE"), properties);
        for (String word : arguments[1].split(" ")) {
            readView(word.split("\\.")[0], word.split("\\.")[1]);
        }
        filter();
        writeMarks(Long.parseLong(arguments[0]));
        connection.close();
    }

    private static void readView(String view, String key) throws SQLException {
        long sum = 0;
        int rows = 0;
        int first = 0;
        int columns;
        try (Statement statement = connection.createStatement();
                ResultSet all = statement.executeQuery("SELECT * FROM " + view + " ORDER BY " + key)) {
            columns = all.getMetaData().getColumnCount();
            for (int i = 1; i <= columns; i++) {
                if (!KNOWN.contains(all.getMetaData().getColumnType(i))
                        || all.getMetaData().getColumnType(i) == Types.NUMERIC && all.getMetaData().getPrecision(i) == 0) {
                    throw new SQLException(view + "." + all.getMetaData().getColumnName(i) + " is "
                        + all.getMetaData().getColumnTypeName(i));
                }
            }
            while (all.next()) {
                int value = (Integer) all.getObject(1);
                first = rows++ == 0 ? value : first;
                sum += value;
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT * FROM " + view + " WHERE " + key + " = ?")) {
            statement.setInt(1, first);
            System.out.println(view + " " + columns + " " + rows + " " + sum + " " + count(statement));
        }
    }

    private static int count(PreparedStatement statement) throws SQLException {
        int rows = 0;
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows++;
            }
        }
        return rows;
    }

    private static void filter() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT session_key FROM bi_session WHERE mark_code = ? AND calendar_date = ?")) {
            statement.setString(1, "/");
            statement.setDate(2, Date.valueOf("2025-09-08"));
            System.out.println("filter " + count(statement));
        }
    }

    private static void writeMarks(long pupil) throws SQLException {
        String[][] entries = {{"AM", "/"}, {"PM", "C2"}};
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (?, ?, ?, ?, ?)")) {
            for (String[] entry : entries) {
                statement.setInt(1, 100001);
                statement.setLong(2, pupil);
                statement.setDate(3, Date.valueOf("2025-09-12"));
                statement.setString(4, entry[0]);
                statement.setString(5, entry[1]);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT s.mark_code FROM bi_session s JOIN pupil p ON p.pupil_key = s.pupil_key"
                + " WHERE p.pupil_id = ? AND s.mark_code <> '-' ORDER BY s.session_key")) {
            statement.setLong(1, pupil);
            System.out.print("marks");
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    System.out.print(" " + result.getString(1));
                }
            }
            System.out.println();
        }
    }

    /** The server of the tests has a socket in the file system only, for which the driver has no address. */
    public static class ToServer extends SocketFactory {
        @Override
        public Socket createSocket() {
            return new FileSocket();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, java.net.InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(java.net.InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(java.net.InetAddress host, int port, java.net.InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }

    private static class FileSocket extends Socket {
        private SocketChannel channel;

        @Override
        public void connect(SocketAddress ignored, int timeout) throws java.io.IOException {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(
                Path.of(System.getenv("PGHOST"), ".s.PGSQL." + System.getenv("PGPORT"))));
        }

        @Override
        public boolean isConnected() {
            return channel != null;
        }

        @Override
        public InputStream getInputStream() {
            return Channels.newInputStream(channel);
        }

        @Override
        public OutputStream getOutputStream() {
            return Channels.newOutputStream(channel);
        }

        @Override
        public void setTcpNoDelay(boolean on) {
        }

        @Override
        public void setKeepAlive(boolean on) {
        }

        @Override
        public void setSoTimeout(int timeout) {
        }

        @Override
        public int getSoTimeout() {
            return 0;
        }

        @Override
        public void close() throws java.io.IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
